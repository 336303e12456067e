// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { frameOf, taskOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { FrameTile } from './frame-tile.tsx';

test.each([
  ['en', 'It made a file, and no picture.'],
  ['zh', '已生成文件，没有图片。'],
] as const)('a training without samples says that it made no picture (%s)', async (language, words) => {
  const frame = frameOf(0, { status: 'completed', output: null });
  const task = taskOf({ status: 'completed', task_kind: 'training', frames: [frame] });
  await renderPage(<FrameTile task={task} frame={frame} width={240} label="" onOpen={() => undefined} />, {
    language,
  });
  expect(screen.getByText(words)).toBeDefined();
});

test.each([
  ['en', 'video', 'Video 1 failed'],
  ['zh', 'animation', '动画失败'],
  ['en', 'generation', 'Picture 1 failed'],
] as const)('what failed is called by its name (%s, %s)', async (language, kind, words) => {
  const frame = frameOf(0, { status: 'failed' });
  const task = taskOf({ status: 'failed', task_kind: kind, frames: [frame] });
  await renderPage(<FrameTile task={task} frame={frame} width={240} label="" onOpen={() => undefined} />, {
    language,
  });
  expect(screen.getByText(words)).toBeDefined();
});
