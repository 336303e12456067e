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
    serve({ editDatasetCaptions: () => ({ hits: 1, changed: [{ id: 2, caption: 'a redwolf' }] }) });
    await renderPage(<CaptionDialog set={set} onClose={() => undefined} />, { language });
    fireEvent.change(screen.getByLabelText(find), { target: { value: 'dog' } });
    expect((await screen.findByText(after)).nextSibling?.textContent).toBe('a redwolf');
    expect(screen.getByText(before).nextSibling?.textContent).toBe('a dog');
  },
);
