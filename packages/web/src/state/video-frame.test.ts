// @vitest-environment happy-dom
import { expect, test, vi } from 'vitest';
import { frameIndex, stepFrame } from './video-frame.ts';

function videoOf(duration: number, currentTime: number): HTMLVideoElement {
  const video = document.createElement('video');
  Object.defineProperty(video, 'duration', { value: duration });
  video.currentTime = currentTime;
  video.pause = vi.fn();
  return video;
}

test('a time that is rounded down is still of its frame', () => {
  expect([0, 1 / 24 - 1e-4, 0.0416, 1.999].map((seconds) => frameIndex(seconds, 24))).toEqual([0, 1, 1, 47]);
});

test('a step stops and shows the middle of another frame', () => {
  const video = videoOf(2, 0.5);
  stepFrame(video, 24, 1);
  expect(video.pause).toHaveBeenCalled();
  expect(frameIndex(video.currentTime, 24)).toBe(13);
  stepFrame(video, 24, -1);
  expect(video.currentTime).toBeCloseTo(12.5 / 24);
});

test('there is no step beyond the first and the last frame', () => {
  const first = videoOf(2, 0);
  stepFrame(first, 24, -1);
  expect(frameIndex(first.currentTime, 24)).toBe(0);
  const last = videoOf(2, 2);
  stepFrame(last, 24, 1);
  expect(frameIndex(last.currentTime, 24)).toBe(47);
});

test('a video that is not loaded stays where it is', () => {
  const video = videoOf(Number.NaN, 0);
  stepFrame(video, 24, 1);
  expect(video.currentTime).toBe(0);
});
