// @vitest-environment happy-dom
import type { Dataset } from '@limner/contract';
import { fireEvent, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { CaptionDialog } from './caption-dialog.tsx';

const picture = (id: number, caption: string) => ({
  ...{ id, image: `u${id}`, url: `/uploads/u${id}.png`, name: `cat ${id}.png`, caption },
  ...{ crop: null, width: 512, height: 512, transparent: false },
});
const set: Dataset = {
  ...{ id: 7, name: 'Cats', trigger_words: '', ground: null, pictures: 2, captioned: 2, covers: [] },
  ...{ used_by: null, created_at: '2026-01-02T03:04:05.000Z', updated_at: '2026-01-02T03:04:05.000Z' },
  ...{ items: [picture(1, 'a cat'), picture(2, 'a dog')], versions: [], work: [] },
};

test.each([
  ['en', 'Find', 'Before', 'After'],
  ['zh', '查找', '修改前', '修改后'],
] as const)(
  'the first caption that changes is shown before and after it (%s)',
  async (language, find, before, after) => {
    serve({
      editDatasetCaptions: () => ({ hits: 1, changed: [{ id: 2, caption: 'a redwolf', before: 'a dog' }] }),
    });
    await renderPage(<CaptionDialog set={set} onClose={() => undefined} />, { language });
    fireEvent.change(screen.getByLabelText(find), { target: { value: 'dog' } });
    expect((await screen.findByText(after)).nextSibling?.textContent).toBe('a redwolf');
    expect(screen.getByText(before).nextSibling?.textContent).toBe('a dog');
  },
);

test.each([
  [
    'en',
    'Find',
    'Change captions',
    'Undo',
    '1 caption is as it was. 1 was changed or removed since then and stays.',
  ],
  ['zh', '查找', '修改说明', '撤销', '已恢复 1 条说明。另有 1 条此后已修改或移除，保持不变。'],
] as const)(
  'a change of many captions is undone at once, but not where a caption was changed since then (%s)',
  async (language, find, apply, undo, told) => {
    const changed = [
      { id: 1, caption: 'a wolf', before: 'a cat' },
      { id: 2, caption: 'a wolf', before: 'a dog' },
    ];
    const server = serve({
      editDatasetCaptions: () => ({ hits: 2, changed }),
      getDataset: () => ({ ...set, items: [picture(1, 'a wolf'), picture(2, 'my words')] }),
      changeDatasetPictures: () => set,
    });
    await renderPage(<CaptionDialog set={set} onClose={() => undefined} />, { language });
    fireEvent.change(screen.getByLabelText(find), { target: { value: 'x' } });
    await screen.findByText('a wolf');
    fireEvent.click(screen.getByRole('button', { name: apply }));
    fireEvent.click(await screen.findByRole('button', { name: undo }));
    await screen.findByText(told);
    expect(server.received('changeDatasetPictures').map(({ body }) => body)).toEqual([
      { changes: [{ id: 1, caption: 'a cat' }] },
    ]);
  },
);

test('the two characters of a Chinese button stand together', async () => {
  serve({});
  await renderPage(<CaptionDialog set={set} onClose={() => undefined} />, { language: 'zh' });
  expect(screen.getByRole('button', { name: '取消' }).textContent).toBe('取消');
});
