/** Lets a model write captions of a data set, one picture after the other. */
import { type Caller, type DatasetWork, StudioError, type WriteCaptions } from '@limner/contract';
import type { Database } from '../db/database.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { Captioner } from './captioner.ts';
import type { SetPictures } from './set-pictures.ts';
import {
  captionOfPicture,
  lockSet,
  type PictureOfSet,
  picturesOfSet,
  updatePicture,
} from './store/dataset-rows.ts';
import type { DatasetWorks, Progress } from './work.ts';

export interface WrittenCaptionsOptions {
  db: Database;
  blobs: Blobs;
  setPictures: SetPictures;
  works: DatasetWorks;
  captioner: Captioner;
}

export class WrittenCaptions {
  readonly #options: WrittenCaptionsOptions;

  constructor(options: WrittenCaptionsOptions) {
    this.#options = options;
  }

  get model(): string | null {
    return this.#options.captioner.model;
  }

  /** @throws StudioError `captioner_missing`, `dataset_not_found` */
  async begin(caller: Caller, set: number, { pictures }: WriteCaptions): Promise<DatasetWork> {
    const { db, setPictures, works, captioner } = this.#options;
    await setPictures.refuseUnknown(caller, set);
    if (captioner.model === null) throw new StudioError('captioner_missing');
    const chosen = pictures && new Set(pictures);
    const all = await picturesOfSet(caller, db.read, set);
    const wanted = all.filter(({ id, caption }) => (chosen ? chosen.has(id) : caption === ''));
    return works.begin(caller, set, 'captions', wanted.length, async (progress) => {
      for (const picture of wanted) await this.#write(captioner, set, picture, progress);
    });
  }

  async #write(captioner: Captioner, set: number, picture: PictureOfSet, { told, signal }: Progress) {
    const { db, blobs } = this.#options;
    const { id, name, file, width, height, caption: before } = picture;
    signal.throwIfAborted();
    try {
      const caption = await captioner.describe(await blobs.read(file), width * height, signal);
      await db.write(async (trx) => {
        await lockSet(trx, set);
        // What somebody wrote meanwhile stays.
        if ((await captionOfPicture(trx, id)) === before) await updatePicture(trx, set, id, { caption });
      });
      await told({ name, outcome: 'captioned', picture: id, error: null });
    } catch (error) {
      if (signal.aborted || !(error instanceof StudioError)) throw error;
      await told({ name, outcome: 'refused', picture: id, error: error.body() });
    }
  }
}
