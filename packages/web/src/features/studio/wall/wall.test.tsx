// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { frameOf, taskOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { serve } from '../../../testing-server.ts';
import { Wall } from './wall.tsx';

const painted = taskOf({ id: 1, prompt: 'a red dragon', status: 'completed' });
const training = taskOf({
  ...{ id: 2, task_kind: 'training', prompt: '', status: 'failed', total_frames: 1 },
  frames: [frameOf(0, { status: 'failed' })],
});

test('a failed training is not among the pictures', async () => {
  const server = serve({
    listTasks: () => [training, painted],
    getTask: ({ params }) => (params.id === '2' ? training : painted),
  });
  await renderPage(<Wall phone={false} />);
  expect(await screen.findByRole('heading', { name: 'a red dragon' })).toBeDefined();
  expect(screen.getAllByRole('article')).toHaveLength(1);
  expect(screen.queryByText(/failed/)).toBeNull();
  expect(server.received('getTask').map(({ params }) => params.id)).toEqual(['1']);
});

test('someone who has only trained sees how a first picture is made', async () => {
  serve({ listTasks: () => [training] });
  await renderPage(<Wall phone={false} />);
  expect(await screen.findByText('Nothing painted yet. Describe what you want to see.')).toBeDefined();
  expect(screen.queryByRole('article')).toBeNull();
});
