/** Adds pictures to data sets. A picture whose content the set has already is not added again. */
import type { Readable } from 'node:stream';
import {
  type AddPictures,
  type Caller,
  cutText,
  type ImportedFile,
  MAX_CAPTION_CHARS,
  MAX_TRAINING_IMAGES,
  outputId,
  StudioError,
  type Upload,
} from '@limner/contract';
import type { Database, Writer } from '../db/database.ts';
import { paintedPrompt } from '../outputs/file-names.ts';
import { outputsOfTasks } from '../outputs/outputs-store.ts';
import type { Pictures } from '../pictures/pictures.ts';
import type { Blobs } from '../storage/blobs.ts';
import { removeUploads } from '../tasks/store/removal.ts';
import { holdSources } from '../tasks/store/task-locks.ts';
import { emptyTrash } from '../tasks/store/trash.ts';
import type { Uploads } from '../uploads/uploads.ts';
import { findUpload, findUploads } from '../uploads/uploads-store.ts';
import { type PictureFacts, pictureFacts } from './picture-facts.ts';
import {
  countPictures,
  findSet,
  insertPicture,
  lockSet,
  pictureNamed,
  pictureWithContent,
  updatePicture,
  updateSet,
} from './store/dataset-rows.ts';

export interface SetPicturesOptions {
  db: Database;
  blobs: Blobs;
  uploads: Pick<Uploads, 'create' | 'find'>;
  pictures: Pick<Pictures, 'resolve'>;
}

export type StoredPicture = AddPictures['images'][number];

type Outcome = Pick<ImportedFile, 'outcome' | 'picture'>;

interface NewFile {
  /** With its folders. */
  name: string;
  caption: string;
  open(): Promise<Readable>;
}

interface NewPicture extends Pick<Upload, 'id' | 'sha256' | 'name'>, PictureFacts {
  caption: string;
  /** The upload was made for this set and goes if it is not needed. */
  isCopy: boolean;
}

export class SetPictures {
  readonly #options: SetPicturesOptions;

  constructor(options: SetPicturesOptions) {
    this.#options = options;
  }

  /** @throws StudioError that refuses this file, or `dataset_not_found` */
  async addFile(caller: Caller, set: number, { name, caption, open }: NewFile): Promise<Outcome> {
    await this.refuseFull(caller, set);
    const upload = await this.#options.uploads.create(caller, await open(), name);
    return this.#add(caller, set, upload, caption, true);
  }

  /** What a request asks for, picture by picture. Whether each is there is not looked up. */
  async stored(caller: Caller, { images, tasks }: AddPictures): Promise<StoredPicture[]> {
    return [...images, ...(await this.#picturesOfTasks(caller, tasks))];
  }

  /** Outputs are copied, so that the set does not depend on their tasks. @throws StudioError `dataset_not_found` */
  async addStored(
    caller: Caller,
    set: number,
    stored: readonly StoredPicture[],
    told: (file: ImportedFile) => Promise<void> | void,
  ): Promise<void> {
    for (const { image, caption } of stored) {
      try {
        await told({ name: image, error: null, ...(await this.#addOne(caller, set, image, caption)) });
      } catch (error) {
        if (!(error instanceof StudioError) || error.code === 'dataset_not_found') throw error;
        await told({ name: image, outcome: 'refused', picture: null, error: error.body() });
      }
    }
  }

  async #addOne(caller: Caller, set: number, image: string, caption: string | undefined): Promise<Outcome> {
    const { db, blobs, uploads, pictures } = this.#options;
    await this.refuseFull(caller, set);
    const found = await pictures.resolve(caller, image, 'image');
    const [known] = await findUploads(caller, db.read, [found.id]);
    if (known) return this.#add(caller, set, known, caption ?? '', false);
    const copy = await uploads.create(caller, await blobs.stream(found.file), `${found.name}.png`);
    // The caption of a painted picture is what was asked for.
    return this.#add(caller, set, copy, caption ?? cutText(found.name, MAX_CAPTION_CHARS), true);
  }

  async #picturesOfTasks(caller: Caller, tasks: readonly number[]): Promise<StoredPicture[]> {
    if (tasks.length === 0) return [];
    const rows = await outputsOfTasks(caller, this.#options.db.read, [...tasks]);
    return rows
      .filter(({ role, media_type }) => role === 'main' && media_type.startsWith('image/'))
      .map((row) => ({
        image: outputId({ task: row.task_id, frame: row.frame_index, place: row.place }),
        caption: cutText(paintedPrompt(row), MAX_CAPTION_CHARS),
      }));
  }

  /** Gives a picture of the set its caption; a caption that somebody wrote is replaced. null: no picture has that name. */
  async captionByName(set: number, file: string, caption: string): Promise<number | null> {
    const stem = (name: string) =>
      name
        .toLowerCase()
        .replace(/^.*\//, '')
        .replace(/\.(txt|caption)$/, '');
    const wanted = stem(file);
    return this.#options.db.write(async (trx) => {
      await lockSet(trx, set);
      const found = await pictureNamed(trx, set, wanted);
      if (found !== null) await updatePicture(trx, set, found, { caption });
      return found;
    });
  }

  async #add(
    caller: Caller,
    set: number,
    { id, sha256, name }: Pick<Upload, 'id' | 'sha256' | 'name'>,
    caption: string,
    isCopy: boolean,
  ): Promise<Outcome> {
    const { db, blobs } = this.#options;
    const same = await pictureWithContent(db.read, set, sha256);
    const facts = same ?? (await this.#facts(caller, id));
    const { look } = facts;
    const picture = { id, sha256, name, caption, isCopy, look, transparent: Boolean(facts.transparent) };
    const outcome = await db.write((trx) => addRow(caller, trx, set, picture));
    if (outcome.outcome === 'known' && isCopy) await emptyTrash(db, blobs);
    return outcome;
  }

  async #facts(caller: Caller, upload: string): Promise<PictureFacts> {
    const { blobs, uploads } = this.#options;
    const row = await uploads.find(caller, upload);
    if (!row) throw new StudioError('image_not_found', { data: { ref: upload } });
    return pictureFacts(await blobs.read(row.file), row.width * row.height);
  }

  /** @throws StudioError `dataset_not_found` */
  async refuseUnknown(caller: Caller, set: number): Promise<void> {
    if (!(await findSet(caller, this.#options.db.read, set))) throw notFound(set);
  }

  /** Before a file is received for nothing. @throws StudioError `dataset_not_found`, `dataset_full` */
  async refuseFull(caller: Caller, set: number): Promise<void> {
    const { read } = this.#options.db;
    await this.refuseUnknown(caller, set);
    if ((await countPictures(read, set)).count >= MAX_TRAINING_IMAGES) throw full();
  }
}

export const notFound = (id: number) => new StudioError('dataset_not_found', { data: { id }, field: 'id' });
const full = () => new StudioError('dataset_full', { data: { limit: MAX_TRAINING_IMAGES } });

async function addRow(caller: Caller, trx: Writer, set: number, picture: NewPicture): Promise<Outcome> {
  await lockSet(trx, set);
  const same = await pictureWithContent(trx, set, picture.sha256);
  if (same) {
    if (picture.isCopy) await discard(caller, trx, picture.id);
    if (same.caption === '' && picture.caption !== '')
      await updatePicture(trx, set, same.id, { caption: picture.caption });
    return { outcome: 'known', picture: same.id };
  }
  await holdSources(trx, { images: [picture.id], styleId: null });
  // A clean-up may have removed it since it was read.
  if (!(await findUpload(caller, trx, picture.id)))
    throw new StudioError('image_not_found', { data: { ref: picture.id } });
  const { count, lastPlace } = await countPictures(trx, set);
  if (count >= MAX_TRAINING_IMAGES) throw full();
  if (!(await updateSet(caller, trx, set, {}))) throw notFound(set);
  const { id, sha256, name, caption, look, transparent } = picture;
  const row = await insertPicture(trx, {
    dataset_id: set,
    upload_id: id,
    sha256,
    name,
    caption,
    crop: null,
    place: lastPlace + 1,
    look,
    transparent: Number(transparent),
  });
  return { outcome: 'added', picture: row.id };
}

/** A second copy of a picture that the set has. */
async function discard(caller: Caller, trx: Writer, upload: string): Promise<void> {
  await removeUploads(trx, await findUploads(caller, trx, [upload]), { cause: 'deleted', keep: false });
}
