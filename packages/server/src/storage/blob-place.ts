/**
 * Where the files of an installation lie. The database remembers it, so that a start with another place, which has none of
 * the files, is refused instead of showing a gallery of missing pictures. A bucket carries the id of its installation, as a
 * folder does: another Limner would set the files aside for which it has no rows.
 */
import type { Bilingual } from '@limner/contract';
import type { Database } from '../db/database.ts';
import { putFact, readFact } from '../db/facts.ts';
import { IN_USE, StartProblem } from '../start-problem.ts';
import type { Blobs } from './blobs.ts';
import { newestOutputFile } from './installation-store.ts';

const PLACE_FACT = 'blobs_place';
/** The name of the data folder as a place: it may be moved. */
export const ON_DISK = 'disk';

/** `limner blobs copy` has begun to copy to a place, or has copied all. */
export type CopyState = 'unfinished' | 'finished';

/** What a place of files is marked with. */
export interface PlaceMarks {
  /** The id of the installation whose files lie there; null: none yet, or a data folder, which has its own. */
  owner(): Promise<string | null>;
  claim(installation: string): Promise<void>;
  /** Of the last copy to it that no start has used yet; null: there is none. */
  copyState(): Promise<CopyState | null>;
  setCopyState(state: CopyState | null): Promise<void>;
}

export interface UsedPlace {
  /** `disk`, or an address such as `s3://bucket/prefix/`. */
  place: string;
  blobs: Blobs;
  marks: PlaceMarks;
}

/**
 * `isOnly`: no other process uses the database now. @throws StartProblem when the files of this database lie elsewhere, or
 * files of another lie here
 */
export async function usePlace(
  db: Database,
  installation: string,
  { place, blobs, marks }: UsedPlace,
  isOnly: boolean,
): Promise<void> {
  const owner = await marks.owner();
  if (owner !== null && owner !== installation) throw foreignPlace(place);
  const before = (await readFact(db, PLACE_FACT)) ?? ON_DISK;
  if (before !== place) {
    const newest = await newestOutputFile(db.read);
    // Processes that start together on a new database all write the same place.
    if (!isOnly && newest !== null) throw othersElsewhere(before);
    const copy = await marks.copyState();
    if (copy === 'unfinished') throw partlyCopied(before, place);
    // The newest picture, because older ones may have been left in an earlier place.
    const isThere = newest === null || (await blobs.stat(newest)) !== null;
    if (copy === null && !isThere) throw filesElsewhere(before, place);
    await db.write((trx) => putFact(trx, PLACE_FACT, place));
    if (copy !== null) await marks.setCopyState(null);
  }
  if (owner === null) await marks.claim(installation);
}

const othersElsewhere = (before: string): StartProblem =>
  new StartProblem(
    {
      en: `Other processes of this database keep its files in ${named(before).en}. ${before === ON_DISK ? 'Remove BLOBS_URL' : `Set BLOBS_URL=${before}`} here too, or stop them to move the files.`,
      zh: `这个数据库的其他进程把文件存放在${named(before).zh}。请在此处也${before === ON_DISK ? '去掉 BLOBS_URL' : `设置 BLOBS_URL=${before}`}，或先停止它们再移动文件。`,
    },
    { exitCode: IN_USE },
  );

const foreignPlace = (place: string): StartProblem =>
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
    en: `The pictures of this database are in ${named(before).en}, and ${named(place).en} has not the newest. Copy them first: limner blobs copy ${before} ${place}. Or go back to the earlier BLOBS_URL. Nothing was changed.`,
    zh: `这个数据库的图片在${named(before).zh}中，而${named(place).zh}中没有最新的图片。请先复制：limner blobs copy ${before} ${place}。或恢复原来的 BLOBS_URL。没有改动任何内容。`,
  });
