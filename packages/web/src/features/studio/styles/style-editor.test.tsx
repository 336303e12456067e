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
