/** What tasks make, as words: “3 pictures”, “1 video”, “2 pictures, 1 animation”. */
import type { TaskKind, TaskListItem } from '@limner/contract';
import type { TFunction } from 'i18next';

const NOUNS = ['pictures', 'videos', 'animations'] as const;
type Noun = (typeof NOUNS)[number];

export type Made = Record<Noun, number>;

const OF_KINDS: Partial<Record<TaskKind, Noun>> = { video: 'videos', animation: 'animations' };

const nounOf = (kind: TaskKind): Noun => OF_KINDS[kind] ?? 'pictures';

/** So many things of one kind of task. */
export const countedWords = (kind: TaskKind, count: number, t: TFunction): string =>
  t(`common.${nounOf(kind)}`, { count });

/** For sentences that call what is no picture by its name. */
export function kindContext(kind: TaskKind | undefined): { context?: 'video' | 'animation' | 'training' } {
  return kind === 'video' || kind === 'animation' || kind === 'training' ? { context: kind } : {};
}

export function retryWords(kind: TaskKind, count: number, t: TFunction): string {
  if (kind === 'animation') return t('wall.retryAnimation');
  return t(kind === 'video' ? 'wall.retryFailedVideos' : 'wall.retryFailed', { count });
}

export function madeCounts(items: readonly Pick<TaskListItem, 'task_kind' | 'output_paths'>[]): Made {
  const made: Made = { pictures: 0, videos: 0, animations: 0 };
  for (const { task_kind, output_paths } of items) made[nounOf(task_kind)] += output_paths.length;
  return made;
}

/** Without what there is none of; no pictures if there is nothing. */
export function madeWords(made: Made, t: TFunction): string {
  const some = NOUNS.filter((noun) => made[noun] > 0);
  return (some.length > 0 ? some : (['pictures'] as const))
    .map((noun) => t(`common.${noun}`, { count: made[noun] }))
    .join(t('common.list'));
}
