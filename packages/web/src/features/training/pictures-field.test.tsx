// @vitest-environment happy-dom
import type { Language, Trainer } from '@limner/contract';
import { act, screen } from '@testing-library/react';
import { beforeEach, describe, expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { Refused, serve } from '../../testing-server.ts';
import { PicturesField } from './pictures-field.tsx';
import { addFiles, addKnown, changePicture, clearDraft, useTrainingDraft } from './run-draft.ts';

const said = { en: '', zh: '' };
const trainer: Trainer = {
  id: 'starter-lora',
  label: said,
  description: said,
  family: 'starter-paint',
  families: ['starter-paint'],
  images: { min: 2, max: 9 },
  params: [],
  presets: [],
  available: true,
  missing: [],
  seconds_per_step: null,
};

/** Pictures `a` are the same, `b` very small. */
function uploads() {
  let ids = 0;
  serve({
    upload: () => {
      ids += 1;
      return {
        id: `u${ids}`,
        url: `/uploads/u${ids}.png`,
        name: 'x.png',
        media_type: 'image/png',
        width: ids === 3 ? 16 : 512,
        height: 512,
        size_bytes: 1,
        sha256: ids <= 2 ? 'a' : `b${ids}`,
        created_at: new Date(0).toISOString(),
      };
    },
  });
}

const file = (name: string, content: BlobPart = 'x') => new File([content], name);
const bytes = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
const captions = () => useTrainingDraft.getState().pictures.map(({ name, caption }) => [name, caption]);

async function give(files: File[], language: Language = 'en') {
  uploads();
  await renderPage(<PicturesField trainer={trainer} problem={null} />, { language });
  await act(() => addFiles(files));
}

beforeEach(clearDraft);

describe('the pictures of a training', () => {
  test('have the captions of their files in every encoding, and are counted', async () => {
    await give([
      file('a.png'),
      file('b.png'),
      file('c.png'),
      file('a.txt', bytes('baecc9abb5c4d4b2')),
      file('b.caption', bytes('fffeae7e')),
      file('d.txt', 'of no picture'),
    ]);
    expect(captions()).toEqual([
      ['a.png', '红色的圆'],
      ['b.png', '\u7eae'],
      ['c.png', ''],
    ]);
    expect(screen.getByText('2 of 3 have a caption')).toBeTruthy();
    expect(screen.getByText('Caption files without a picture: d.txt')).toBeTruthy();
  });

  test('take captions that come after them, but what a person wrote stays', async () => {
    await give([file('a.png'), file('b.png')]);
    act(() => changePicture(1, { caption: 'my words' }));
    await act(() => addFiles([file('a.txt', 'theirs'), file('b.txt', 'a cat')]));
    expect(captions()).toEqual([
      ['a.png', 'my words'],
      ['b.png', 'a cat'],
    ]);
  });

  test('come without the caption of a file that is no text, which is named', async () => {
    await give([file('a.png'), file('a.txt', bytes('636166e9'))], 'zh');
    expect(captions()).toEqual([['a.png', '']]);
    expect(screen.getByRole('alert').textContent).toBe('无法读取「a.txt」的文字，请另存为 UTF-8。');
    expect(screen.getByText('1 张图片中有 0 张带说明')).toBeTruthy();
  });

  test.each(['en', 'zh'] as const)('that cannot be read are named (%s)', async (language) => {
    serve({
      upload: () => {
        throw new Refused(422, { code: 'file_broken' });
      },
    });
    await renderPage(<PicturesField trainer={trainer} problem={null} />, { language });
    await act(() => addFiles([file('b.png')]));
    const told = screen.getByRole('alert').textContent ?? '';
    expect(told).toMatch(/^b\.png ./);
  });

  test.each([
    ['en', '1 picture, 2 to 9 are needed', '1 is being read'],
    ['zh', '1 张，需要 2 至 9 张', '1 张正在读取'],
  ] as const)(
    'are counted once they are read, and those that cannot be read never (%s)',
    async (language, count, read) => {
      const picture = { url: '', caption: '', ref: null, problem: null };
      addKnown([{ ref: '1_0', url: '', name: 'a.png', caption: '' }]);
      useTrainingDraft.setState(({ pictures }) => ({
        pictures: [
          ...pictures,
          { ...picture, key: 8, name: 'b.png', problem: 'Broken.', caption: 'a cat' },
          { ...picture, key: 9, name: 'c.png' },
        ],
      }));
      await renderPage(<PicturesField trainer={trainer} problem={null} />, { language });
      const counted = screen.getByText(count);
      expect(screen.getByText(read)).toBeTruthy();
      expect(counted.dataset.off).toBe('false');
      act(() => changePicture(9, { problem: 'Broken.' }));
      expect(screen.queryByText(read)).toBeNull();
      expect(counted.dataset.off).toBe('true');
      expect(
        screen.getByText(language === 'en' ? '0 of 1 have a caption' : '1 张图片中有 0 张带说明'),
      ).toBeTruthy();
    },
  );

  test('are warned of where they are the same or very small', async () => {
    await give([file('a.png'), file('b.png'), file('c.png')]);
    expect(screen.getByText(/^The same picture 2 times: a.png, b.png/)).toBeTruthy();
    expect(screen.getByText(/^Smaller than 64 pixels.*: c.png\.$/)).toBeTruthy();
  });
});
