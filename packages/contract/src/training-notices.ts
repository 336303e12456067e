/** Notices about training pictures that add little: equal or very small ones. They refuse nothing. */
import type { Bilingual } from './family.ts';
import { SMALL_TRAINING_PIXELS } from './limits.ts';

export interface TrainingPicture {
  name: string;
  /** null if not known. */
  width: number | null;
  height: number | null;
  /** Equal for equal pictures. */
  content: string;
}

const NAMED = 5;

export function trainingNotices(pictures: readonly TrainingPicture[]): Bilingual[] {
  const byContent = new Map<string, TrainingPicture[]>();
  for (const picture of pictures)
    byContent.set(picture.content, [...(byContent.get(picture.content) ?? []), picture]);
  const same = [...byContent.values()].filter(({ length }) => length > 1).map(sameNotice);
  const small = pictures.filter(isSmall);
  return small.length === 0 ? same : [...same, smallNotice(small)];
}

const isSmall = ({ width, height }: TrainingPicture): boolean =>
  width !== null && height !== null && Math.min(width, height) < SMALL_TRAINING_PIXELS;

function sameNotice(pictures: TrainingPicture[]): Bilingual {
  const { en, zh } = named(pictures);
  return {
    en: `The same picture ${pictures.length} times: ${en}. It teaches no more than once.`,
    zh: `同一张图片出现 ${pictures.length} 次：${zh}。重复的图片不会带来更多效果。`,
  };
}

function smallNotice(pictures: TrainingPicture[]): Bilingual {
  const { en, zh } = named(pictures);
  return {
    en: `Smaller than ${SMALL_TRAINING_PIXELS} pixels, so little of the style can be seen: ${en}.`,
    zh: `小于 ${SMALL_TRAINING_PIXELS} 像素，难以体现画风：${zh}。`,
  };
}

function named(pictures: TrainingPicture[]): Bilingual {
  const names = pictures.slice(0, NAMED).map(({ name }) => name);
  const more = pictures.length - names.length;
  return {
    en: more > 0 ? `${names.join(', ')} and ${more} more` : names.join(', '),
    zh: more > 0 ? `${names.join('、')} 等 ${pictures.length} 张` : names.join('、'),
  };
}
