/** Files whose rows are gone. Their names are kept until the files are gone too, so a crash in between leaves no orphan. */
import type { Database } from '../../db/database.ts';
import { thumbKeys } from '../../images/thumbnail.ts';
import type { Blobs } from '../../storage/blobs.ts';

const BATCH = 500;

export async function emptyTrash(db: Database, blobs: Blobs): Promise<void> {
  for (;;) {
    const rows = await db.read.selectFrom('trash').selectAll().limit(BATCH).execute();
    if (rows.length === 0) return;
    const files = rows.map(({ file }) => file);
    for (const file of files) await removeFile(blobs, file);
    await db.write(
      async (trx) => {
        await trx.deleteFrom('trash').where('file', 'in', files).execute();
      },
      { frees: true },
    );
  }
}

async function removeFile(blobs: Blobs, file: string): Promise<void> {
  if (file.endsWith('/')) return blobs.deleteFolder(file);
  for (const key of [file, ...thumbKeys(file)]) await blobs.delete(key);
}
