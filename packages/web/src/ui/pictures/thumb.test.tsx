// @vitest-environment happy-dom
import { fireEvent } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { Thumb } from './thumb.tsx';

const shown = async (url: string, width = 200, language: 'en' | 'zh' = 'en') => {
  const { container } = await renderPage(<Thumb url={url} alt="" width={width} />, { language });
  return { src: container.querySelector('img')?.getAttribute('src') ?? null, text: container.textContent };
};

test('a thumbnail is asked for of a picture, whatever its address', async () => {
  expect(await shown('/outputs/7_0.png?v=3')).toMatchObject({ src: '/outputs/7_0.png?v=3&w=256' });
  expect(await shown('/api/bin/3/thumbnail')).toMatchObject({ src: '/api/bin/3/thumbnail?w=256' });
});

test('of other files their kind is shown', async () => {
  expect(await shown('/outputs/7_0.flac', 44)).toEqual({ src: null, text: 'Sound (FLAC)' });
  expect(await shown('/outputs/7_0.glb', 200, 'zh')).toEqual({ src: null, text: '3D 模型（GLB）' });
  expect(await shown('/outputs/7_0.json')).toEqual({ src: null, text: 'File (JSON)' });
});

test('of a video its poster is shown, else its first frame, else its kind', async () => {
  const { container } = await renderPage(<Thumb url="/outputs/7_0.mp4?v=3" alt="" width={200} />, {
    language: 'en',
  });
  const poster = container.querySelector('img');
  expect(poster?.getAttribute('src')).toBe('/outputs/7_0.mp4?v=3&w=256');
  if (poster) fireEvent.error(poster);
  const frame = container.querySelector('video');
  expect(frame?.getAttribute('src')).toBe('/outputs/7_0.mp4?v=3#t=0.001');
  if (frame) fireEvent.error(frame);
  expect(container.textContent).toBe('Video (MP4)');
});
