// @vitest-environment happy-dom
import type { Task } from '@limner/contract';
import { act, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useTasks } from '../../../state/tasks.ts';
import { frameOf, taskOf } from '../../../state/testing-tasks.ts';
import { renderPage } from '../../../testing-page.tsx';
import { Announcer } from './announcer.tsx';

test.each([
  ['en', 'generation', 'Picture 1 of 1 failed.'],
  ['en', 'video', 'Video 1 of 1 failed.'],
  ['en', 'training', 'The training failed.'],
  ['zh', 'training', '训练失败。'],
] as const)('what failed is called by its name (%s, %s)', async (language, kind, sentence) => {
  await renderPage(<Announcer />, { language });
  const show = (status: 'running' | 'failed') => {
    const task: Task = taskOf({ id: 7, task_kind: kind, total_frames: 1, frames: [frameOf(0, { status })] });
    act(() => useTasks.setState({ entries: { 7: { item: task, detail: task } } as never }));
  };
  show('running');
  show('failed');
  expect(screen.getByText(sentence)).toBeDefined();
});
