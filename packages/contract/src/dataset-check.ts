/** What in a data set lets a training end badly. Faces that a crop cuts are not found: that needs a detector. Pure. */
import { fitBucket } from './buckets.ts';
import { seenSize } from './crop.ts';
import type { DatasetBucket, DatasetCheck, DatasetFinding, DatasetPicture } from './dataset.ts';
import type { Bilingual } from './family.ts';
import { isNearlySame, readLook } from './picture-look.ts';

const FEW = 5;
const MANY = 150;
const SMALL_SIDE_PX = 256;
const EXTREME_RATIO = 4;
/** Slightly enlarged pictures look the same. */
const ENLARGED = 1.1;

export interface CheckedPicture
  extends Pick<DatasetPicture, 'id' | 'caption' | 'crop' | 'width' | 'height' | 'transparent'> {
  /** See `picture-look.ts`. */
  look: string;
}

export interface CheckedSet {
  trigger_words: string;
  ground: string | null;
}

export function checkDataset(
  set: CheckedSet,
  pictures: readonly CheckedPicture[],
  resolution: number,
): DatasetCheck {
  const buckets = bucketed(pictures, resolution);
  const findings = pictures.length === 0 ? [] : findingsOf(set, pictures, buckets, resolution);
  return { resolution, findings, buckets };
}

function bucketed(pictures: readonly CheckedPicture[], resolution: number): DatasetBucket[] {
  const found = new Map<string, DatasetBucket>();
  for (const picture of pictures) {
    const { bucket, scale, lost } = fitBucket(seenSize(picture, picture.crop), resolution);
    const key = `${bucket.width}x${bucket.height}`;
    const held = found.get(key) ?? { ...bucket, pictures: [] };
    held.pictures.push({ id: picture.id, scale, lost });
    found.set(key, held);
  }
  return [...found.values()].sort((a, b) => a.width / a.height - b.width / b.height);
}

function findingsOf(
  { trigger_words: trigger, ground }: CheckedSet,
  pictures: readonly CheckedPicture[],
  buckets: DatasetBucket[],
  resolution: number,
): DatasetFinding[] {
  const findings: DatasetFinding[] = [];
  const add = (
    kind: DatasetFinding['kind'],
    level: DatasetFinding['level'],
    found: readonly { id: number }[],
    sentence: Bilingual,
  ) => findings.push({ kind, level, sentence, pictures: found.map(({ id }) => id) });
  const some = (
    kind: DatasetFinding['kind'],
    level: DatasetFinding['level'],
    found: readonly { id: number }[],
    sentence: Bilingual,
  ) => {
    if (found.length > 0) add(kind, level, found, sentence);
  };
  const n = pictures.length;
  if (n < FEW) add('too_few', 'warning', [], few(n));
  if (n > MANY) add('too_many', 'notice', [], many(n));

  const small = pictures.filter((picture) => Math.min(...sidesOf(picture)) < SMALL_SIDE_PX);
  some('small', 'warning', small, {
    en: `${count(small)} with a side below ${SMALL_SIDE_PX} pixels. Little of the style can be seen on them.`,
    zh: `${small.length} 张图片的短边小于 ${SMALL_SIDE_PX} 像素，难以体现画风。`,
  });
  const isSmall = new Set(small.map(({ id }) => id));
  const enlarged = buckets
    .flatMap((bucket) => bucket.pictures)
    .filter(({ id, scale }) => scale > ENLARGED && !isSmall.has(id));
  some('enlarged', 'warning', enlarged, {
    en: `${count(enlarged)} that a training at ${resolution} pixels enlarges, so the style learns blur. Use larger ones, or a smaller resolution.`,
    zh: `${enlarged.length} 张图片在 ${resolution} 像素下训练时会被放大，模糊也会被学到。请使用更大的图片，或降低分辨率。`,
  });
  const extreme = pictures.filter((picture) => {
    const [width, height] = sidesOf(picture);
    return Math.max(width / height, height / width) > EXTREME_RATIO;
  });
  some('extreme_ratio', 'warning', extreme, {
    en: `${count(extreme)} more than ${EXTREME_RATIO} times as long as wide. Crop them, or much is cut off.`,
    zh: `${extreme.length} 张图片的长宽比超过 ${EXTREME_RATIO}:1。请裁剪，否则会被切掉很多。`,
  });
  for (const group of nearDuplicates(pictures))
    add('near_duplicates', 'warning', group, {
      en: `${group.length} pictures look nearly the same. Together they teach little more than one of them.`,
      zh: `${group.length} 张图片看起来几乎一样，合起来的效果与一张差不多。`,
    });

  const bare = pictures.filter(({ caption }) => caption === '');
  some('no_caption', bare.length === n ? 'notice' : 'warning', bare, {
    en: `${count(bare)} without a caption. The trigger words alone describe them.`,
    zh: `${bare.length} 张图片没有说明，只以触发词描述。`,
  });
  const captions = new Set(pictures.map(({ caption }) => caption));
  if (n > 1 && captions.size === 1 && bare.length === 0)
    add('same_captions', 'warning', pictures, {
      en: 'All captions are the same, so the words cannot tell the pictures apart.',
      zh: '所有说明都相同，文字无法区分图片。',
    });
  if (trigger === '')
    add('no_trigger', 'notice', [], {
      en: 'The set has no trigger words. With a rare word such as "inkstyle7" the style can be called in a prompt.',
      zh: '该数据集没有触发词。设置一个罕见的词（例如 inkstyle7），提示词中即可唤起该风格。',
    });
  const silent = pictures.filter(
    ({ caption }) => trigger !== '' && caption !== '' && !says(caption, trigger),
  );
  some('trigger_missing', 'notice', silent, {
    en: `${count(silent)} without the trigger words in the caption. Limner puts them before the caption when it trains and exports.`,
    zh: `${silent.length} 张图片的说明中没有触发词。训练和导出时，画匠会自动加在说明之前。`,
  });
  const clear = ground === null ? pictures.filter(({ transparent }) => transparent) : [];
  some('transparent', 'warning', clear, {
    en: `${count(clear)} with transparent parts, which many trainers turn black. Choose a ground.`,
    zh: `${clear.length} 张图片有透明部分，许多训练器会把它变成黑色。请选择底色。`,
  });
  return findings;
}

const sidesOf = (picture: CheckedPicture): [number, number] => {
  const { width, height } = seenSize(picture, picture.crop);
  return [width, height];
};

/** Whether a caption has these words, as words: `ink` is not in "pink". Scripts without spaces are searched as they are. */
export function says(caption: string, words: string): boolean {
  const wanted = words.trim();
  if (wanted === '' || UNSPACED.test(wanted)) return caption.includes(wanted);
  const pattern = wanted.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'iu').test(caption);
}
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

const count = (pictures: readonly unknown[]): string =>
  pictures.length === 1 ? '1 picture' : `${pictures.length} pictures`;

const few = (n: number): Bilingual => ({
  en: `${n === 1 ? '1 picture is' : `${n} pictures are`} few. From 10 on a style is learnt better.`,
  zh: `只有 ${n} 张图片，偏少；10 张以上效果更好。`,
});
const many = (n: number): Bilingual => ({
  en: `${n} pictures are many. Up to ${MANY} are usual for a style; more need more steps.`,
  zh: `共 ${n} 张图片，偏多；训练一种风格通常不超过 ${MANY} 张，更多图片需要更多步数。`,
});

/** Groups of pictures of which each looks like another of its group. Cropped pictures are compared whole. */
function nearDuplicates(pictures: readonly CheckedPicture[]): CheckedPicture[][] {
  const group = pictures.map((_, at) => at);
  const root = (at: number): number => {
    let found = at;
    while (group[found] !== found) found = group[found] ?? found;
    return found;
  };
  const looks = pictures.map(({ look }) => readLook(look));
  for (const [a, one] of looks.entries())
    for (let b = a + 1; one && b < looks.length; b += 1) {
      const other = looks[b];
      if (other && isNearlySame(one, other)) group[root(b)] = root(a);
    }
  const groups = new Map<number, CheckedPicture[]>();
  for (const [at, picture] of pictures.entries())
    groups.set(root(at), [...(groups.get(root(at)) ?? []), picture]);
  return [...groups.values()].filter(({ length }) => length > 1);
}
