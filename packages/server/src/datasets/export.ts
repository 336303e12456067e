/** A data set as an archive that trainers read: pictures as a training sees them in order, each with its caption beside it. */
import { type Caller, distinctNames, safeFileName, says } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { type MadeZip, StoredZip } from '../outputs/stored-zip.ts';
import type { Blobs } from '../storage/blobs.ts';
import { notFound } from './set-pictures.ts';
import { findSet, picturesOfSet } from './store/dataset-rows.ts';

/**
 * Originals, without crops, so that an import gives the same set. Captions begin with the trigger words, as in a training here,
 * unless they are left out.
 * A picture whose file is missing is left out.
 */
export async function exportSet(
  caller: Caller,
  db: Reader,
  blobs: Blobs,
  { id, withTriggerWords }: { id: number; withTriggerWords: boolean },
): Promise<MadeZip & { name: string }> {
  const set = await findSet(caller, db, id);
  if (!set) throw notFound(id);
  const pictures = await picturesOfSet(caller, db, id);
  const words = withTriggerWords ? set.trigger_words : '';
  const stems = distinctNames(
    pictures.map(({ name }) => safeFileName(name.replace(/\.[^.]+$/, '')) || 'picture'),
  );
  const zip = new StoredZip();
  const mtime = new Date(set.updated_at);
  for (const [index, { file, caption }] of pictures.entries()) {
    const stat = await blobs.stat(file);
    if (!stat) continue;
    const stem = stems[index] ?? String(index);
    const ending = file.replace(/^.*\./, '');
    zip.add({ name: `${stem}.${ending}`, mtime, sizeBytes: stat.sizeBytes, open: () => blobs.stream(file) });
    zip.addBytes(`${stem}.txt`, Buffer.from(captionOf(words, caption)), mtime);
  }
  return { name: safeFileName(`${set.name}.zip`), ...(await zip.end()) };
}

function captionOf(trigger: string, caption: string): string {
  if (says(caption, trigger)) return caption;
  return [trigger, caption].filter(Boolean).join(', ');
}
