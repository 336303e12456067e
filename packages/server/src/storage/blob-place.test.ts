import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type TestDatabase, testDatabase } from '../../test/test-database.ts';
import type { Database } from '../db/database.ts';
import { type CopyState, ON_DISK, type UsedPlace, usePlace } from './blob-place.ts';
import type { Blobs } from './blobs.ts';

let place: TestDatabase;
let db: Database;
beforeEach(async () => {
  place = await testDatabase('sqlite');
  db = await place.open();
  await db.write(async (trx) => {
    const task = {
      kind: 'generation',
      status: 'completed',
      lane: 'a',
      priority: 0,
      family: 'a',
      prompt: 'a',
    } as const;
    const rest = { search_text: 'a', plan: '{}', total_frames: 2, version: 1, created_at: 1 };
    await trx
      .insertInto('tasks')
      .values({ id: 1, ...task, ...rest })
      .execute();
    const output = {
      task_id: 1,
      frame_index: 0,
      role: 'main',
      media_type: 'image/png',
      size_bytes: 1,
    } as const;
    const files = ['outputs/1_0.png', 'outputs/1_1.png'];
    const rows = files.map((file, at) => ({ ...output, place: at, file, created_at: at }));
    await trx.insertInto('outputs').values(rows).execute();
  });
});
afterEach(async () => {
  await db.close();
  await place.remove();
});

const BUCKET = 's3://pictures/';

/** With these files, after a copy or without one. */
function placeWith(files: string[], copy: CopyState | null = null, name = BUCKET): UsedPlace {
  let state = copy;
  let owner: string | null = null;
  const stat = async (key: string) => (files.includes(key) ? { sizeBytes: 1, modifiedMs: 0 } : null);
  return {
    place: name,
    blobs: { stat } as Partial<Blobs> as Blobs,
    marks: {
      owner: async () => owner,
      claim: async (installation) => {
        owner = installation;
      },
      copyState: async () => state,
      setCopyState: async (wanted) => {
        state = wanted;
      },
    },
  };
}

describe('the place of the files', () => {
  it('changes when the newest picture is there', async () => {
    await expect(usePlace(db, 'mine', placeWith(['outputs/1_0.png']), true)).rejects.toThrow(
      /limner blobs copy disk s3:\/\/pictures\//,
    );
    const bucket = placeWith(['outputs/1_1.png']);
    await usePlace(db, 'mine', bucket, true);
    expect(await bucket.marks.owner()).toBe('mine');
    await expect(usePlace(db, 'mine', placeWith(['outputs/1_0.png'], null, ON_DISK), true)).rejects.toThrow(
      /limner blobs copy s3:\/\/pictures\/ disk/,
    );
  });

  it('changes after a copy that has ended, even of files that were lost, and not before', async () => {
    await expect(usePlace(db, 'mine', placeWith([], 'unfinished'), true)).rejects.toThrow(/has not ended/);
    const bucket = placeWith([], 'finished');
    await usePlace(db, 'mine', bucket, true);
    expect(await bucket.marks.copyState()).toBeNull();
    await usePlace(db, 'mine', placeWith([]), true);
  });

  it('does not change under another process', async () => {
    const bucket = placeWith(['outputs/1_1.png']);
    await expect(usePlace(db, 'mine', bucket, false)).rejects.toThrow(/Other processes .* data folder/);
    await usePlace(db, 'mine', bucket, true);
    await usePlace(db, 'mine', bucket, false);
    await expect(usePlace(db, 'mine', placeWith(['outputs/1_1.png'], null, ON_DISK), false)).rejects.toThrow(
      /Set BLOBS_URL=s3:\/\/pictures\//,
    );
    await expect(usePlace(db, 'another', bucket, true)).rejects.toThrow(/files of another Limner/);
  });
});
