/** Recovers files that were set aside: first says what would come back and what stays, then does it. */
import type { RepairResult } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../../api/api.ts';
import { bytes } from '../../i18n/format.ts';
import { ask } from '../../state/ask.ts';
import { notify } from '../../state/notices.ts';
import { attempt } from '../../state/task-actions.ts';

/** Of the files that stay, so many are named. */
const NAMED = 8;

export async function recoverFiles(): Promise<void> {
  await attempt(async () => {
    const plan = await api.call('repair', { body: { dry_run: true } });
    const isNothing = plan.tasks + plan.uploads + plan.styles === 0;
    const { t } = i18next;
    const agreed = await ask({
      title: isNothing ? t('storage.recoverNothing') : t('storage.recoverAsk', wordsOf(plan)),
      lines: linesOf(plan),
      confirm: isNothing ? t('common.close') : t('storage.recover'),
      keep: t('common.cancel'),
    });
    if (!agreed || isNothing) return;
    const result = await api.call('repair', { body: {} });
    const left = result.left_files > 0 ? [t('storage.recoverLeft', { count: result.left_files })] : [];
    notify({ text: [t('storage.recovered', wordsOf(result)), ...left].join(' '), tone: 'news' });
  });
}

function wordsOf({ tasks, outputs, uploads, styles, size_bytes }: RepairResult) {
  const { t } = i18next;
  const what = t('storage.recoverWhat', {
    tasks: t('storage.tasks', {
      tasks: t('common.tasks', { count: tasks }),
      pictures: t('storage.files', { count: outputs }),
    }),
    uploads: t('storage.uploads', { count: uploads }),
    styles: t('storage.styles', { count: styles }),
  });
  return { what, size: bytes(size_bytes) };
}

function linesOf({ without_recipe, left, left_files }: RepairResult): string[] {
  const { t } = i18next;
  const lines: string[] = without_recipe > 0 ? [t('storage.withoutRecipe', { count: without_recipe })] : [];
  if (left_files > 0) lines.push(t('storage.recoverLeft', { count: left_files }));
  for (const { file, reason } of left.slice(0, NAMED))
    lines.push(t('storage.recoverFile', { file, reason: t(`storage.leftReason.${reason}`) }));
  if (left_files > NAMED) lines.push(t('storage.recoverMore'));
  return lines;
}
