// @vitest-environment happy-dom
import type { WorkflowDetail, WorkflowPreview } from '@limner/contract';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import AskDialog from '../../../parts/ask/ask-dialog.tsx';
import { useQuestion } from '../../../state/ask.ts';
import { renderPage } from '../../../testing-page.tsx';
import { serve } from '../../../testing-server.ts';
import { ExampleRows, exampleRows } from './example-rows.tsx';
import { Workflows } from './workflows.tsx';

const picked = vi.hoisted(() => vi.fn<() => Promise<File[]>>());
vi.mock('../../../ui/pick-file.ts', () => ({ pickFiles: picked }));

const detail = (name: string): WorkflowDetail => ({
  id: `workflow-${name}`,
  label: { en: name, zh: name },
  description: null,
  licence: null,
  kind: 'generation',
  is_example: false,
  enabled: true,
  nodes: 1,
  map: {},
  params: {},
  examples: [],
  keys: [],
  fields: [],
  needs: { nodes: [], files: [] },
  servers: [],
});
const preview = (name: string): WorkflowPreview => ({ ...detail(name), clash: null });
const fileOf = (name: string) => new File(['{"1":{"class_type":"X","inputs":{}}}'], `${name}.json`);
const Asked = () => (useQuestion((state) => state.question) ? <AskDialog /> : null);
const page = () => (
  <>
    <Workflows />
    <Asked />
  </>
);

async function choose(file: File): Promise<void> {
  picked.mockResolvedValueOnce([file]);
  await userEvent.click(screen.getByRole('button', { name: /Import a workflow/ }));
}

test('another file asks before it takes the place of an edited form, and a file that is none leaves it', async () => {
  serve({
    listWorkflows: () => ({ workflows: [], refused: [] }),
    previewWorkflow: ({ body }) => preview(body.name ?? ''),
  });
  await renderPage(page());
  await choose(fileOf('first'));
  const name = () => screen.getByLabelText<HTMLInputElement>('Name');
  await waitFor(() => expect(name().value).toBe('first'));
  await choose(fileOf('second'));
  await waitFor(() => expect(name().value).toBe('second'));
  fireEvent.change(name(), { target: { value: 'mine' } });
  await choose(new File(['[]'], 'none.json'));
  await screen.findByRole('alert');
  expect(name().value).toBe('mine');
  await choose(fileOf('third'));
  await userEvent.click(await screen.findByRole('button', { name: 'Keep editing' }));
  expect(name().value).toBe('mine');
  await choose(fileOf('third'));
  await userEvent.click(await screen.findByRole('button', { name: 'Discard' }));
  await waitFor(() => expect(name().value).toBe('third'));
});

test('the picture of an example leaves what was typed while it was sent', async () => {
  let send: (value: unknown) => void = () => undefined;
  const sent = new Promise((resolve) => {
    send = resolve;
  });
  vi.stubGlobal('fetch', async () => {
    await sent;
    return Response.json({ id: 'u1', url: '/uploads/u1.png' }, { status: 201 });
  });
  function Rows() {
    const [rows, setRows] = useState(() =>
      exampleRows([
        { prompt: 'a fox', negative_prompt: null, thumbnail_url: null },
        { prompt: 'an owl', negative_prompt: null, thumbnail_url: null },
      ]),
    );
    return <ExampleRows rows={rows} problem={null} onRows={setRows} />;
  }
  await renderPage(<Rows />);
  picked.mockResolvedValueOnce([fileOf('picture')]);
  const [first, second] = screen.getAllByRole('button', { name: /picture/i });
  await userEvent.click(first as HTMLElement);
  const [one, two] = screen.getAllByRole<HTMLTextAreaElement>('textbox');
  fireEvent.change(one as HTMLElement, { target: { value: 'a red fox' } });
  fireEvent.change(two as HTMLElement, { target: { value: 'two owls' } });
  send(null);
  await waitFor(() => expect(first?.querySelector('img')).not.toBeNull());
  expect(screen.getAllByRole<HTMLTextAreaElement>('textbox').map(({ value }) => value)).toEqual([
    'a red fox',
    'two owls',
  ]);
  expect(second?.querySelector('img')).toBeNull();
});
