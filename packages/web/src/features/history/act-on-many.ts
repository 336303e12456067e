/** Actions on many tasks. Each reports its result; none throws. */
import { type DeletedTasks, mayBePicture, type TaskListItem } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../../api/api.ts';
import { ask } from '../../state/ask.ts';
import { binDays, binLine, notifyDeleted } from '../../state/bin.ts';
import { notify } from '../../state/notices.ts';
import { starPictures } from '../../state/stars.ts';
import { attempt, makeCutOut } from '../../state/task-actions.ts';
import { forgetTask } from '../../state/tasks.ts';
import { madeCounts, madeWords } from '../../ui/made-words.ts';

const t = i18next.t.bind(i18next);
const idsOf = (items: TaskListItem[]) => items.map(({ id }) => id);

export const picturesIn = (items: TaskListItem[]): number =>
  items.reduce((sum, item) => sum + item.output_paths.length, 0);

/** Cut-outs and control previews are not cut out again. */
export const canBeCutOut = (item: TaskListItem): boolean =>
  item.task_kind !== 'remove_bg' && item.task_kind !== 'training' && item.output_paths.some(mayBePicture);

export const areStarred = (items: TaskListItem[]): boolean =>
  picturesIn(items) > 0 && items.every((item) => item.stars === item.output_paths.length);

export const starMany = (items: TaskListItem[]): Promise<boolean> =>
  starPictures({ tasks: idsOf(items) }, !areStarred(items), idsOf(items));

/** False if the user keeps them. */
export async function deleteMany(items: TaskListItem[]): Promise<boolean> {
  const days = await binDays().catch(() => 0);
  if (!(await mayDelete(items, days))) return false;
  return attempt(async () => {
    const { deleted, in_use } = await api.call('deleteTasks', { body: { tasks: idsOf(items) } });
    const stay = new Set(in_use.map(({ id }) => id));
    const gone = idsOf(items).filter((id) => !stay.has(id));
    for (const id of gone) forgetTask(id);
    if (deleted > 0) notifyDeleted(t('wall.deletedMany', { count: deleted }), { tasks: gone }, days);
    notifyInUse(in_use);
  });
}

function notifyInUse(tasks: DeletedTasks['in_use']): void {
  const [first] = tasks;
  if (!first) return;
  const values = { count: tasks.length, id: first.id, task: first.needed_by };
  notify({ text: t('wall.keptMany', values), tone: 'problem' });
}

async function mayDelete(items: TaskListItem[], days: number): Promise<boolean> {
  const underWay = items.filter(({ status }) => status === 'queued' || status === 'running').length;
  const starred = items.filter(({ stars }) => stars > 0).length;
  const pictures = madeWords(madeCounts(items), t);
  return ask({
    title: t('select.deleteAsk', { count: items.length, pictures }),
    lines: [
      ...(underWay > 0 ? [t('select.running', { count: underWay })] : []),
      ...(starred > 0 ? [t('select.starred', { count: starred })] : []),
      binLine(days),
    ],
    confirm: t('select.delete'),
    keep: t('select.keep'),
  });
}

const CUT_OUTS_AT_ONCE = 4;

export async function cutOutMany(items: TaskListItem[]): Promise<void> {
  const pictures = items
    .filter(canBeCutOut)
    .flatMap((item) => item.output_paths.filter(mayBePicture).map((url) => ({ url, task: item.id })));
  const count = pictures.length;
  const lane = async () => {
    for (let next = pictures.shift(); next; next = pictures.shift())
      await makeCutOut(next.url, undefined, next.task);
  };
  const done = await attempt(() => Promise.all(Array.from({ length: CUT_OUTS_AT_ONCE }, lane)));
  if (done) notify({ text: t('select.cutOutStarted', { count }), tone: 'news' });
}
