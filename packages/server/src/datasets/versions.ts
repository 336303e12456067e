/**
 * Freezes a data set for a run. The recipe is made from the set as it is read; the transaction that creates the run proves that
 * it is still so, writes the version and names it. An unchanged set uses its newest version again.
 */
import { createHash } from 'node:crypto';
import { type Caller, type Crop, type RecipeDataset, StudioError } from '@limner/contract';
import type { Reader, Writer } from '../db/database.ts';
import { cropOf } from './datasets.ts';
import { notFound } from './set-pictures.ts';
import { findSet, lockSet, type PictureOfSet, picturesOfSet } from './store/dataset-rows.ts';
import { insertRun, insertVersion, newestVersion } from './store/version-rows.ts';

export interface FrozenSet {
  dataset: RecipeDataset;
  trigger_words: string;
  ground: string | null;
  images: { image: string; caption: string }[];
  crops: (Crop | null)[];
  /** Part of the transaction that creates the run. @throws StudioError `dataset_changed`, `dataset_not_found` */
  keep(trx: Writer, task: number): Promise<void>;
}

/** @throws StudioError `dataset_not_found`, `dataset_empty`, both with the field `dataset` */
export async function frozenSet(caller: Caller, db: Reader, id: number): Promise<FrozenSet> {
  const { set, pictures, content, version } = await stateOf(caller, db, id);
  if (pictures.length === 0)
    throw new StudioError('dataset_empty', { data: { name: set.name }, field: 'dataset' });
  return {
    dataset: { id, name: set.name, version },
    trigger_words: set.trigger_words,
    ground: set.ground,
    images: pictures.map(({ upload_id, caption }) => ({ image: upload_id, caption })),
    crops: pictures.map(({ crop }) => cropOf(crop)),
    async keep(trx, task) {
      await lockSet(trx, id);
      const now = await stateOf(caller, trx, id);
      if (now.content !== content || now.version !== version)
        throw new StudioError('dataset_changed', { field: 'dataset' });
      if (now.isNew) await insertVersion(trx, id, { number: version, content }, pictures);
      await insertRun(trx, { task_id: task, dataset_id: id, version });
    },
  };
}

async function stateOf(caller: Caller, db: Reader, id: number) {
  const set = await findSet(caller, db, id);
  if (!set) throw notFound(id).inField('dataset');
  const pictures = await picturesOfSet(caller, db, id);
  const content = contentOf(pictures);
  const newest = await newestVersion(db, id);
  const isNew = newest?.content !== content;
  return { set, pictures, content, isNew, version: (newest?.number ?? 0) + Number(isNew) };
}

const contentOf = (pictures: readonly PictureOfSet[]): string =>
  createHash('sha256')
    .update(JSON.stringify(pictures.map(({ sha256, caption, crop }) => [sha256, caption, crop])))
    .digest('hex');
