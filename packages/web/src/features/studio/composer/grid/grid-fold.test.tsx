// @vitest-environment happy-dom
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { compose, useDraft } from '../../../../state/draft/draft.ts';
import { setAxis } from '../../../../state/grid-draft.ts';
import { useStudio } from '../../../../state/studio.ts';
import { useTasks } from '../../../../state/tasks.ts';
import { familyOf } from '../../../../state/testing-tasks.ts';
import { renderPage } from '../../../../testing-page.tsx';
import { serve } from '../../../../testing-server.ts';
import { GridFold } from './grid-fold.tsx';
import { PromptLines } from './prompt-lines.tsx';

const STYLE = {
  id: 1,
  name: 'Base',
  type: 'ui' as const,
  lora_path: null,
  trigger_words: '',
  strength: 1,
  is_base: true,
  is_trained: false,
  family: null,
  families: [],
  created_at: '2026-05-04T10:00:00.000Z',
};
const EULER = { value: 'euler', label: { en: 'Euler', zh: 'Euler' } };
const HEUN = { value: 'heun', label: { en: 'Heun', zh: 'Heun' } };
const FAMILY = familyOf({
  id: 'large',
  label: { en: 'Large', zh: '大模型' },
  params: [
    { key: 'steps', type: 'integer', default: 20, min: 1, max: 50, effect: true },
    { key: 'sampler', type: 'choice', default: 'euler', choices: [EULER, HEUN], effect: true },
  ],
  measured: { low: 2, high: 2, work: null, servers: [] },
});
const EMPTY = useDraft.getState();

beforeEach(() => {
  useStudio.setState({ families: [FAMILY], styles: [STYLE], styleId: 1, loaded: true });
  useTasks.setState({ connection: 'open' });
  compose({ prompt: 'a red dragon', seed: 7 });
});
afterEach(() => {
  useDraft.setState(EMPTY, true);
  for (const name of ['x', 'y', 'z'] as const) setAxis(name, null);
});

const makeButton = () => screen.getByRole<HTMLButtonElement>('button', { name: /Make the grid/ });

test('a grid says how many pictures it makes and how long they take, and is sent as typed', async () => {
  const server = serve({ createGrid: () => ({ id: 4 }) });
  setAxis('x', { field: 'steps', values: '' });
  setAxis('y', { field: 'sampler', values: ['euler', 'heun'] });
  await renderPage(<GridFold family={FAMILY} />, { language: 'en' });
  await userEvent.click(screen.getByRole('button', { name: /Grid/ }));
  fireEvent.change(screen.getByLabelText('Values of axis X'), { target: { value: '10-30 (+10)' } });
  expect(makeButton().textContent).toContain('Make the grid: 6 pictures');
  expect(makeButton().textContent).toContain('12 s');
  await userEvent.click(makeButton());
  await waitFor(() => expect(server.received('createGrid')).toHaveLength(1));
  expect(server.received('createGrid')[0]?.body).toMatchObject({
    recipe: { kind: 'generation', prompt: 'a red dragon', seed: 7, family: 'large' },
    axes: {
      x: { field: 'steps', values: '10-30 (+10)' },
      y: { field: 'sampler', values: ['euler', 'heun'] },
    },
  });
});

test('a value out of range is refused beside its axis, in both languages', async () => {
  setAxis('x', { field: 'steps', values: '51' });
  await renderPage(<GridFold family={FAMILY} />, { language: 'zh' });
  await userEvent.click(screen.getByRole('button', { name: /网格/ }));
  expect(screen.getByRole('alert').textContent).toBe('51 超出步数的范围 1 至 50。');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: '生成网格' }).disabled).toBe(true);
});

test('a prompt of several lines offers a picture for each', async () => {
  const server = serve({ createGrid: () => ({ id: 4 }) });
  await renderPage(<PromptLines family={FAMILY} />, { language: 'en' });
  expect(screen.queryByRole('button')).toBeNull();
  compose({ prompt: 'a cat, red\n\na dog' });
  await userEvent.click(await screen.findByRole('button', { name: /Each line as a prompt: 2 pictures/ }));
  await waitFor(() => expect(server.received('createGrid')).toHaveLength(1));
  expect(server.received('createGrid')[0]?.body).toMatchObject({
    recipe: { prompt: '' },
    axes: { x: { field: 'prompt', values: ['a cat, red', 'a dog'] } },
  });
});
