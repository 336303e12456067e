// @vitest-environment happy-dom
import type { Dataset, DatasetPicture } from '@limner/contract';
import { fireEvent, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { api } from '../../api/api.ts';
import { renderPage } from '../../testing-page.tsx';
import { PictureGrid } from './picture-grid.tsx';

const picture = (id: number, caption = ''): DatasetPicture => ({
  id,
  image: `u${id}`,
  url: `/uploads/u${id}.png`,
  name: `cat ${id}.png`,
  caption,
  crop: null,
  width: 512,
  height: 512,
  transparent: false,
});

const set = (items: DatasetPicture[]): Dataset => ({
  id: 7,
  name: 'Cats',
  trigger_words: '',
  ground: null,
  pictures: items.length,
  captioned: 0,
  covers: [],
  used_by: null,
  created_at: '2026-01-02T03:04:05.000Z',
  updated_at: '2026-01-02T03:04:05.000Z',
  items,
  versions: [],
  work: [],
});

const call = vi.spyOn(api, 'call');
beforeEach(() => call.mockReset());

const field = (id: number) => screen.getByLabelText<HTMLTextAreaElement>(`Caption of cat ${id}.png`);

async function show(items: DatasetPicture[]): Promise<void> {
  await renderPage(
    <PictureGrid set={set(items)} pictures={items} onChange={() => undefined} onCrop={() => undefined} />,
  );
}

test('Enter goes to the next caption and saves the one that is left; Shift+Enter goes back', async () => {
  call.mockResolvedValue(set([]) as never);
  await show([picture(1), picture(2, 'a dog')]);
  field(1).focus();
  fireEvent.change(field(1), { target: { value: ' a  cat ' } });
  fireEvent.keyDown(field(1), { key: 'Enter' });
  expect(document.activeElement).toBe(field(2));
  await waitFor(() =>
    expect(call).toHaveBeenCalledWith('changeDatasetPictures', {
      params: { id: 7 },
      body: { changes: [{ id: 1, caption: 'a cat' }] },
    }),
  );
  fireEvent.keyDown(field(2), { key: 'Enter', shiftKey: true });
  expect(document.activeElement).toBe(field(1));
  // An unchanged caption is not sent.
  expect(call).toHaveBeenCalledTimes(1);
});

test('a caption beyond the limit is kept in its field, told and not saved', async () => {
  await show([picture(1)]);
  field(1).focus();
  fireEvent.change(field(1), { target: { value: 'x'.repeat(2001) } });
  expect(field(1).value).toHaveLength(2001);
  expect(screen.getByRole('alert').textContent).toBe('2001 of 2000 characters. Shorten it; it is not saved.');
  fireEvent.blur(field(1));
  expect(call).not.toHaveBeenCalled();
  fireEvent.change(field(1), { target: { value: 'x'.repeat(2000) } });
  expect(screen.getByText('2000 of 2000 characters')).toBeDefined();
  call.mockResolvedValue(set([]) as never);
  fireEvent.blur(field(1));
  expect(call).toHaveBeenCalledTimes(1);
});
