// @vitest-environment happy-dom
import { act, screen } from '@testing-library/react';
import { useTranslation } from 'react-i18next';
import { expect, test } from 'vitest';
import { receiveEvents, receiveTask } from '../../state/tasks.ts';
import { eventOf, frameOf, taskOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { TaskLine } from './task-line.tsx';
import { TaskTile } from './task-tile.tsx';

function Both({ id }: { id: number }) {
  const { t } = useTranslation();
  const shared = { id, shown: false, t, onShow: () => undefined, onRange: () => undefined };
  return (
    <>
      <TaskTile width={200} {...shared} />
      <TaskLine {...shared} />
    </>
  );
}

const BEHIND = /waits on the server behind 3 prompts/;

test.each([
  ['en', /Waiting for another training/],
  ['zh', /等待另一个训练/],
] as const)('a training that waits for its device reads so (%s)', async (language, words) => {
  serve({});
  const id = 702;
  receiveTask(taskOf({ id, task_kind: 'training', status: 'running', waits_behind: 1 }));
  await renderPage(<Both id={id} />, { language });
  for (const each of screen.getAllByRole('button', { name: /red dragon/ }))
    expect(each.textContent).toMatch(words);
});

test('a task that waits on its server reads so in both layouts, until it is painted', async () => {
  serve({});
  const id = 701;
  const frames = [frameOf(0, { status: 'running', waits_behind: 3 })];
  receiveTask(taskOf({ id, status: 'running', waits_behind: 3, frames }));
  await renderPage(<Both id={id} />);
  for (const each of screen.getAllByRole('button', { name: /red dragon/ }))
    expect(each.textContent).toMatch(BEHIND);
  expect(screen.queryByText(/Painting/)).toBeNull();
  act(() => receiveEvents([eventOf(1_000_000, { id, total_frames: 1, waits_behind: null })]));
  expect(screen.queryByText(BEHIND)).toBeNull();
  expect(screen.getAllByText(/Painting/).length).toBeGreaterThan(0);
});
