// @vitest-environment happy-dom
import type { RepairResult, RepairState, StorageUse } from '@limner/contract';
import { screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import AskDialog from '../../parts/ask/ask-dialog.tsx';
import { useQuestion } from '../../state/ask.ts';
import { renderPage } from '../../testing-page.tsx';
import { serve } from '../../testing-server.ts';
import { Storage } from './storage.tsx';

function Page() {
  const asked = useQuestion((state) => state.question !== null);
  return (
    <>
      <Storage />
      {asked && <AskDialog />}
    </>
  );
}

const found: RepairResult = {
  dry_run: true,
  findings: [],
  returned_files: 0,
  stars: 0,
  task_ids: [],
  tasks: 3,
  outputs: 7,
  without_recipe: 1,
  uploads: 2,
  styles: 0,
  size_bytes: 5_000_000,
  left_files: 1,
  left: [{ file: 'set-aside/2026-01-02/outputs/holiday.png', reason: 'unknown_name' }],
};
const IDLE: RepairState = {
  running: false,
  dry_run: false,
  phase: 'files',
  done: 0,
  total: null,
  started_at: null,
  result: null,
};
const none = { ...found, tasks: 0, outputs: 0, uploads: 0, without_recipe: 0 };

function serveStorage(plan: RepairResult, repairState = (): RepairState => IDLE) {
  let aside = 10;
  const use = (): StorageUse => ({
    parts: [{ part: 'set_aside', files: aside, size_bytes: 5_100_000 }],
    disk: { free_bytes: 1, total_bytes: 2 },
    cleanup_days: 0,
    measured_at: '2026-05-04T10:00:00.000Z',
  });
  return serve({
    storage: use,
    repairState,
    planCleanup: () => ({ tasks: 0, pictures: 0, uploads: 0, size_bytes: 0, kept_tasks: 0 }),
    repair: ({ body }) => {
      if (!body.dry_run) aside = 1;
      return { ...plan, dry_run: body.dry_run };
    },
  });
}

test('files that were set aside are recovered once it was said what comes back and what stays', async () => {
  const server = serveStorage(found);
  await renderPage(<Page />);
  await userEvent.click(await screen.findByRole('button', { name: 'Recover files that were set aside' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText(/^Recover 3 tasks, 7 files, 2 uploads and 0 trained styles/);
  dialog.getByText('1 task has no recipe in its files: its prompt and model are not known.');
  dialog.getByText('set-aside/2026-01-02/outputs/holiday.png: not a name that Limner gives');
  expect(server.received('repair').map(({ body }) => body.dry_run)).toEqual([true]);
  await userEvent.click(dialog.getByRole('button', { name: 'Recover' }));
  await screen.findByText(/^Recovered: 3 tasks, 7 files.*1 file stays set aside\.$/);
  expect(server.received('repair').map(({ body }) => body.dry_run)).toEqual([true, false]);
  await waitFor(() => screen.getByText('1 file'));
});

test('where none can be recovered the reasons are said, in Chinese too', async () => {
  const server = serveStorage(none);
  await renderPage(<Page />, { language: 'zh' });
  await userEvent.click(await screen.findByRole('button', { name: '找回另行存放的文件' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText('这些文件都无法找回。');
  dialog.getByText('set-aside/2026-01-02/outputs/holiday.png：不是画匠所用的文件名');
  await userEvent.click(dialog.getByRole('button', { name: '关闭' }));
  expect(server.received('repair')).toHaveLength(1);
});

test('contradictions are mended once it was said which, without any file to recover', async () => {
  const finding = { kind: 'status_disagrees' as const, count: 2, mended: 2, names: ['3', '4'] };
  const server = serveStorage({ ...none, left_files: 0, left: [], findings: [finding] });
  await renderPage(<Page />);
  await userEvent.click(await screen.findByRole('button', { name: 'Check' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText('Mend 2 contradictions?');
  dialog.getByText(
    'Tasks whose status contradicts their pictures: 2 (3, 4). Repair: they get the status of their pictures.',
  );
  await userEvent.click(dialog.getByRole('button', { name: 'Mend' }));
  await screen.findByText('2 contradictions were mended.');
  expect(server.received('repair').map(({ body }) => body.dry_run)).toEqual([true, false]);
});

test('a repair that somebody else has started is shown until it ends', async () => {
  let done = 40;
  serveStorage(none, () => {
    done += 20;
    const running = done < 100;
    return { running, dry_run: false, phase: 'recovery', done, total: 100, started_at: null, result: null };
  });
  await renderPage(<Page />, { language: 'zh' });
  await screen.findByText('已找回 60 / 100 个文件');
  await screen.findByText('已找回 80 / 100 个文件', {}, { timeout: 5_000 });
  await waitFor(() => expect(screen.queryByText(/个文件$/, { selector: '[role=status]' })).toBeNull(), {
    timeout: 5_000,
  });
});
