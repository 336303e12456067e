// @vitest-environment happy-dom
import type { Style } from '@limner/contract';
import { screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { renderPage } from '../../../testing-page.tsx';
import { Refused, serve } from '../../../testing-server.ts';
import StyleEditor from './style-editor.tsx';

const STYLE: Style = {
  id: 7,
  name: 'Ink',
  type: 'ui',
  lora_path: 'loras/lora-x.safetensors',
  trigger_words: '',
  strength: 1,
  is_base: false,
  is_trained: false,
  family: 'flux-schnell',
  families: ['flux-schnell', 'flux-dev'],
  created_at: '2026-05-04T10:00:00.000Z',
};

/** Answers the browser's file dialogue. */
function choosing(file: File): void {
  vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (this: HTMLInputElement) {
    Object.defineProperty(this, 'files', { value: [file] });
    this.onchange?.(new Event('change'));
  });
}

test('a style is made of a LoRA file, whose model is asked for where several fit', async () => {
  const unclear = new Refused(422, {
    code: 'lora_unclear',
    data: { models: ['FLUX.1 (flux1)', 'Qwen-Image (qwen-image)'], ids: ['flux1', 'qwen-image'] },
    field: 'model',
  });
  const queries: (string | undefined)[] = [];
  serve({
    createLoraStyle: ({ query }) => {
      queries.push(query.model);
      if (!query.model) throw unclear;
      return STYLE;
    },
    listStyles: () => [STYLE],
  });
  choosing(new File(['x'], 'ink.safetensors'));
  const onClose = vi.fn();
  await renderPage(<StyleEditor style={null} onClose={onClose} />);
  const create = screen.getByRole('button', { name: 'Create style' });
  expect(create.hasAttribute('disabled')).toBe(true);
  await userEvent.click(screen.getByText('Choose a file…'));
  await userEvent.click(create);
  expect((await screen.findByRole('alert')).textContent).toContain('fits several models: FLUX.1 (flux1)');
  await userEvent.click(screen.getByRole('combobox', { name: 'Trained for' }));
  await userEvent.click(await screen.findByTitle('Qwen-Image (qwen-image)'));
  await userEvent.click(create);
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
  expect(queries).toEqual([undefined, 'qwen-image']);
});

test.each([
  ['en', 'Choose a file…', 'Create style', 'Uploading the LoRA: 50 %', /of at most 4 GiB/],
  ['zh', '选择文件…', '创建风格', '正在上传 LoRA：50 %', /最大 4 GiB/],
] as const)('how much of a LoRA file is sent is shown (%s)', async (language, choose, name, told, limit) => {
  serve({ createLoraStyle: () => STYLE, listStyles: () => [STYLE] });
  const answered = globalThis.fetch;
  let answer = () => {};
  const gate = new Promise<void>((resolve) => (answer = resolve));
  vi.stubGlobal('fetch', async (...asked: Parameters<typeof fetch>) => {
    await gate;
    return answered(...asked);
  });
  choosing(new File(['x'], 'ink.safetensors'));
  const onClose = vi.fn();
  await renderPage(<StyleEditor style={null} onClose={onClose} />, { language });
  expect(screen.getByText(limit)).toBeDefined();
  await userEvent.click(screen.getByText(choose));
  await userEvent.click(screen.getByRole('button', { name }));
  expect((await screen.findByText(told)).getAttribute('role')).toBe('status');
  answer();
  await vi.waitFor(() => expect(onClose).toHaveBeenCalledOnce());
});

test('a LoRA file beyond the limit is refused before it is sent', async () => {
  serve({});
  const file = new File(['x'], 'huge.safetensors');
  Object.defineProperty(file, 'size', { value: 5 * 1024 ** 3 });
  choosing(file);
  await renderPage(<StyleEditor style={null} onClose={() => undefined} />);
  await userEvent.click(screen.getByText('Choose a file…'));
  expect((await screen.findByRole('alert')).textContent).toBe('This file is larger than the limit of 4 GiB.');
  expect(screen.getByRole('button', { name: 'Create style' })).toHaveProperty('disabled', true);
});
