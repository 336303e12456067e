/**
 * Where the files of an installation lie. The database remembers it, so that a start with another place, which has none of
 * the files, is refused instead of showing a gallery of missing pictures. A bucket carries the id of its installation, as a
 * folder does: another Limner would set the files aside for which it has no rows.
 */
import type { Bilingual } from '@limner/contract';
import type { Database } from '../db/database.ts';
import { putFact, readFact } from '../db/facts.ts';
import { StartProblem } from '../start-problem.ts';
import type { Blobs } from './blobs.ts';
import { hasOutputs } from './installation-store.ts';

const PLACE_FACT = 'blobs_place';
/** The name of the data folder as a place: it may be moved. */
export const ON_DISK = 'disk';
/** Of finished pictures; see `outputs/output-name.ts`. */
const OUTPUTS = 'outputs/';

/** What a place of files is marked with. */
export interface PlaceMarks {
  /** The id of the installation whose files lie there; null: none yet, or a data folder, which has its own. */
  owner(): Promise<string | null>;
  claim(installation: string): Promise<void>;
  /** A copy to it has begun and not ended. */
  isPartial(): Promise<boolean>;
  setPartial(isPartial: boolean): Promise<void>;
}

export interface UsedPlace {
  /** `disk`, or an address such as `s3://bucket/prefix/`. */
  place: string;
  blobs: Blobs;
  marks: PlaceMarks;
}

/** @throws StartProblem when the files of this database lie elsewhere, or files of another lie here */
export async function usePlace(
  db: Database,
  installation: string,
  { place, blobs, marks }: UsedPlace,
): Promise<void> {
  const owner = await marks.owner();
  if (owner !== null && owner !== installation) throw foreignPlace(place);
  const before = (await readFact(db, PLACE_FACT)) ?? ON_DISK;
  if (before !== place) {
    if (await marks.isPartial()) throw partlyCopied(before, place);
    if ((await hasOutputs(db.read)) && (await hasNone(blobs))) throw filesElsewhere(before, place);
    await db.write((trx) => putFact(trx, PLACE_FACT, place));
  }
  if (owner === null) await marks.claim(installation);
}

async function hasNone(blobs: Blobs): Promise<boolean> {
  for await (const _ of blobs.list(OUTPUTS)) return false;
  return true;
}

export const foreignPlace = (place: string): StartProblem =>
  new StartProblem({
    en: `${place} has the files of another Limner, and this database has no rows for them. Choose another bucket or prefix with BLOBS_URL, or set DATABASE_URL and LIMNER_DATA_DIR to those of that Limner. Nothing was changed.`,
    zh: `${place} 中是另一个 Limner 的文件，当前数据库没有它们的记录。请用 BLOBS_URL 另选存储桶或前缀，或将 DATABASE_URL 和 LIMNER_DATA_DIR 设为那个 Limner 的。没有改动任何内容。`,
  });

const named = (place: string): Bilingual =>
  place === ON_DISK ? { en: 'the data folder', zh: '数据文件夹' } : { en: place, zh: place };

const partlyCopied = (before: string, place: string): StartProblem =>
  new StartProblem({
    en: `The copy of the files to ${named(place).en} has not ended. Repeat it: limner blobs copy ${before} ${place}. Or go back to the earlier BLOBS_URL. Nothing was changed.`,
    zh: `文件尚未全部复制到${named(place).zh}。请再次执行：limner blobs copy ${before} ${place}。或恢复原来的 BLOBS_URL。没有改动任何内容。`,
  });

const filesElsewhere = (before: string, place: string): StartProblem =>
  new StartProblem({
    en: `The pictures of this database are in ${named(before).en}, and ${named(place).en} has none. Copy them first: limner blobs copy ${before} ${place}. Or go back to the earlier BLOBS_URL. Nothing was changed.`,
    zh: `这个数据库的图片在${named(before).zh}中，而${named(place).zh}中没有图片。请先复制：limner blobs copy ${before} ${place}。或恢复原来的 BLOBS_URL。没有改动任何内容。`,
  });
