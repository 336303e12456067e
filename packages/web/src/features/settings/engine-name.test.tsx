// @vitest-environment happy-dom
import type { EngineHealth } from '@limner/contract';
import { screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { EngineForm } from './engine-form.tsx';
import { EngineName } from './engine-name.tsx';

const ENGINE: EngineHealth = {
  id: 'comfy-1',
  kind: 'comfy',
  label: { en: 'Attic PC', zh: 'Attic PC' },
  status: 'ready',
  url: 'http://attic:8188',
  version: null,
  running: 0,
  queued: 0,
  memory: null,
  families: [],
  missing: [],
  note: null,
  named_in: 'settings',
};

const answering = () =>
  serve({
    addEngine: () => ENGINE,
    updateEngine: () => ENGINE,
    listEngines: () => [ENGINE],
    listFamilies: () => [],
  });

test.each(['', '   '])('a server added with the name %j gets the name that the form states', async (name) => {
  const server = answering();
  const user = userEvent.setup();
  await renderPage(<EngineForm onClose={() => {}} />);
  await user.type(screen.getByLabelText('Address'), 'attic:8188');
  if (name) await user.type(screen.getByLabelText('Name'), name);
  expect(
    screen.getByText('For example Attic PC. If it is empty, the name is ComfyUI attic:8188.'),
  ).toBeDefined();
  await user.click(screen.getByRole('button', { name: 'Add engine' }));
  await waitFor(() => expect(server.received('addEngine')).toHaveLength(1));
  expect(server.received('addEngine')[0]?.body).toEqual({ url: 'http://attic:8188' });
});

test.each([
  ['en', 'A server needs a name.'],
  ['zh', '服务器需要一个名称。'],
] as const)('a server renamed to spaces is refused beside the field (%s)', async (language, sentence) => {
  const server = answering();
  const user = userEvent.setup();
  await renderPage(<EngineName engine={ENGINE} name="Attic PC" onDone={() => {}} />, { language });
  const field = screen.getByRole('textbox');
  await user.clear(field);
  await user.type(field, '  {Enter}');
  expect((await screen.findByRole('alert')).textContent).toBe(sentence);
  expect(field).toHaveProperty('value', '  ');
  await user.type(field, 'Cellar{Enter}');
  expect(screen.queryByRole('alert')).toBeNull();
  await waitFor(() => expect(server.received('updateEngine')[0]?.body).toEqual({ name: 'Cellar' }));
});
