/** Checks and repairs: first says what would be mended, what would come back and what stays, then does it. */
import { awaitRepair, FINDINGS, type Finding, needsAttention, type RepairResult } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../../api/api.ts';
import { bytes } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { ask } from '../../state/ask.ts';
import { notify } from '../../state/notices.ts';
import { attempt } from '../../state/task-actions.ts';

/** Of the files that stay, so many are named. */
const NAMED = 8;

export async function recoverFiles(): Promise<void> {
  await attempt(async () => {
    const { t } = i18next;
    const plan = await awaitRepair(api, true);
    const isNothing = filesOf(plan) === 0 && mendedOf(plan) === 0;
    const agreed = await ask({
      title: titleOf(plan),
      lines: linesOf(plan),
      confirm: isNothing ? t('common.close') : filesOf(plan) > 0 ? t('storage.recover') : t('storage.mend'),
      keep: t('common.cancel'),
    });
    if (!agreed || isNothing) return;
    notify({ text: newsOf(await awaitRepair(api, false)), tone: 'news' });
  });
}

const filesOf = ({ tasks, uploads, styles, returned_files }: RepairResult): number =>
  tasks + uploads + styles + returned_files;

/** What is not said by the number of files. */
const toMend = ({ findings }: RepairResult): Finding[] =>
  findings.filter(({ kind }) => kind !== 'file_without_row');

const mendedOf = (result: RepairResult): number =>
  toMend(result).reduce((sum, { mended }) => sum + mended, 0);

function titleOf(plan: RepairResult): string {
  const { t } = i18next;
  if (filesOf(plan) > 0) return t('storage.recoverAsk', wordsOf(plan));
  if (mendedOf(plan) > 0) return t('storage.mendAsk', { count: mendedOf(plan) });
  if (plan.left_files > 0) return t('storage.recoverNothing');
  return plan.findings.some(needsAttention) ? t('storage.mendNothing') : t('storage.sound');
}

function newsOf(result: RepairResult): string {
  const { t } = i18next;
  const mended = mendedOf(result);
  return [
    filesOf(result) > 0 || mended === 0 ? t('storage.recovered', wordsOf(result)) : '',
    mended > 0 ? t('storage.mended', { count: mended }) : '',
    result.left_files > 0 ? t('storage.recoverLeft', { count: result.left_files }) : '',
  ]
    .filter((sentence) => sentence !== '')
    .join(' ');
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

function linesOf(plan: RepairResult): string[] {
  const { t } = i18next;
  const { without_recipe, left, left_files, returned_files, stars } = plan;
  const lines = toMend(plan).map(lineOf);
  if (returned_files > 0) lines.push(t('storage.returned', { count: returned_files }));
  if (stars > 0) lines.push(t('storage.recoverStars', { count: stars }));
  if (without_recipe > 0) lines.push(t('storage.withoutRecipe', { count: without_recipe }));
  if (left_files > 0) lines.push(t('storage.recoverLeft', { count: left_files }));
  for (const { file, reason } of left.slice(0, NAMED))
    lines.push(t('storage.recoverFile', { file, reason: t(`storage.leftReason.${reason}`) }));
  if (left_files > NAMED) lines.push(t('storage.recoverMore'));
  return lines;
}

function lineOf({ kind, count, names }: Finding): string {
  const { what, cure } = FINDINGS[kind][spokenLanguage()];
  const more = count > NAMED ? ' …' : '';
  const named = names.slice(0, NAMED).join(i18next.t('storage.comma')) + more;
  return i18next.t('storage.finding', { what, count, named, cure });
}
