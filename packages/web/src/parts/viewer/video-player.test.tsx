// @vitest-environment happy-dom
import { emptyRecipe, type Output, type Task } from '@limner/contract';
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test, vi } from 'vitest';
import { compose, useDraft } from '../../state/draft/draft.ts';
import { frameOf, outputOf, taskOf } from '../../state/testing-tasks.ts';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { VideoPlayer } from './video-player.tsx';

const output: Output = {
  ...outputOf(7, 0),
  url: '/outputs/7_0.mp4',
  file_name: '7_0_a-flag.mp4',
  media_type: 'video/mp4',
  duration_ms: 2000,
};
const poster: Output = { ...outputOf(7, 0, 1), role: 'poster', url: '/outputs/7_0_1.png' };
const frame = frameOf(0, { status: 'completed', output, outputs: [output, poster] });
const task: Task = taskOf({
  id: 7,
  task_kind: 'video',
  frames: [frame],
  recipe: {
    ...emptyRecipe('video'),
    video: { end_image: null, frames: 24, seconds: null, fps: 12, keep_frames: false },
  },
});

async function shown(of = frame, ofTask = task): Promise<HTMLVideoElement> {
  const { container } = await renderPage(<VideoPlayer task={ofTask} frame={of} alt="a flag" />, {
    language: 'en',
  });
  const video = container.querySelector('video') as HTMLVideoElement;
  Object.defineProperty(video, 'duration', { value: 2 });
  return video;
}

afterEach(() => {
  vi.restoreAllMocks();
  compose({ mode: 'txt2img', input: null });
  cleanup();
});

test('the poster is shown first, and a step counts frames at the rate of the recipe', async () => {
  const video = await shown();
  expect(video.getAttribute('poster')).toBe('/outputs/7_0_1.png');
  expect(screen.getByText('Frame 1 of 24')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Next frame' }));
  expect(video.currentTime).toBeCloseTo(1.5 / 12);
  fireEvent.seeked(video);
  expect(screen.getByText('Frame 2 of 24')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Previous frame' }));
  fireEvent.seeked(video);
  expect(screen.getByText('Frame 1 of 24')).toBeDefined();
});

test('the rate of the file counts, whatever was asked for', async () => {
  const own = { ...output, fps: 16 };
  const video = await shown({ ...frame, output: own, outputs: [own] });
  expect(screen.getByText('Frame 1 of 32')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Next frame' }));
  expect(video.currentTime).toBeCloseTo(1.5 / 16);
});

test('no frames are counted where nothing says the rate, as of an imported workflow', async () => {
  const video = await shown(frame, { ...task, recipe: emptyRecipe('video') });
  expect(screen.queryByText(/Frame/)).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Next frame' }));
  fireEvent.seeked(video);
  expect(screen.getByText('0.04 of 2.00 s')).toBeDefined();
});

test('a video whose length the server does not know has that of its file', async () => {
  const unknown = { ...output, duration_ms: null };
  const video = await shown({ ...frame, output: unknown, outputs: [unknown] });
  fireEvent.loadedMetadata(video);
  expect(screen.getByText('Frame 1 of 24')).toBeDefined();
});

test('it repeats until that is turned off', async () => {
  const video = await shown();
  expect(video.loop).toBe(true);
  await userEvent.click(screen.getByRole('button', { name: 'Repeat', pressed: true }));
  expect(video.loop).toBe(false);
});

test('the shown frame becomes the start picture of a video', async () => {
  const server = serve({
    upload: () => ({ id: 'u5', url: '/uploads/u5.png', width: 96, height: 64, size_bytes: 4 }),
  });
  vi.spyOn(HTMLCanvasElement.prototype, 'toBlob').mockImplementation((done) =>
    done(new Blob(['png'], { type: 'image/png' })),
  );
  compose({ mode: 'video' });
  await shown();
  await userEvent.click(screen.getByRole('button', { name: 'Use this frame' }));
  await waitFor(() => expect(useDraft.getState().input?.ref).toBe('u5'));
  expect(useDraft.getState().mode).toBe('video');
  expect(server.received('upload')).toHaveLength(1);
});
