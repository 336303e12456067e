/**
 * Where the files of an installation lie. The database remembers it, so that a start with another place, which has none of
 * the files, is refused instead of showing a gallery of missing pictures. A bucket carries the id of its installation, as a
 * folder does: another Limner would set the files aside for which it has no rows.
 */
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

/** What a place that is not the data folder is marked with. */
export interface PlaceMarks {
  /** The id of the installation whose files lie there; null: none yet. */
  owner(): Promise<string | null>;
  claim(installation: string): Promise<void>;
}

export interface UsedPlace {
  /** `disk`, or an address such as `s3://bucket/prefix/`. */
  place: string;
  blobs: Blobs;
  /** null on disk, where the folder has its own. */
  marks: PlaceMarks | null;
}

/** @throws StartProblem when the files of this database lie elsewhere, or files of another lie here */
export async function usePlace(
  db: Database,
  installation: string,
  { place, blobs, marks }: UsedPlace,
): Promise<void> {
  const owner = (await marks?.owner()) ?? null;
  if (owner !== null && owner !== installation) throw foreignPlace(place);
  const before = (await readFact(db, PLACE_FACT)) ?? ON_DISK;
  if (before !== place) {
    if ((await hasOutputs(db.read)) && (await hasNone(blobs))) throw filesElsewhere(before, place);
    await db.write((trx) => putFact(trx, PLACE_FACT, place));
  }
  if (marks && owner === null) await marks.claim(installation);
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

function filesElsewhere(before: string, place: string): StartProblem {
  const [en, zh] = before === ON_DISK ? ['the data folder', '数据文件夹'] : [before, before];
  const target = place === ON_DISK ? 'disk' : place;
  return new StartProblem({
    en: `The pictures of this database are in ${en}, and ${place === ON_DISK ? 'the data folder' : place} has none. Copy them first: ${copyLine(before, place)}. Or go back to the earlier BLOBS_URL. Nothing was changed.`,
    zh: `这个数据库的图片在${zh}中，而 ${target === 'disk' ? '数据文件夹' : target} 中没有图片。请先复制：${copyLine(before, place)}。或恢复原来的 BLOBS_URL。没有改动任何内容。`,
  });
}

const copyLine = (before: string, place: string): string =>
  place === ON_DISK ? `limner blobs copy ${before} disk` : `limner blobs copy ${before} ${place}`;
