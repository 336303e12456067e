/** Data sets: pictures with captions, from which styles are trained. */
import {
  type AddPictures,
  type Caller,
  Crop,
  checkDataset,
  type Dataset,
  type DatasetCheck,
  type DatasetCreate,
  type DatasetListItem,
  type DatasetUpdate,
  type DatasetWork,
  type EditCaptions,
  type EditedCaptions,
  editedCaption,
  hitsOf,
  type ImportedFile,
  isReadableText,
  MAX_CAPTION_CHARS,
  type PictureChanges,
  StudioError,
} from '@limner/contract';
import { SYSTEM } from '../access.ts';
import { insertBinItem } from '../bin/store/bin-rows.ts';
import type { Bus } from '../bus/bus.ts';
import type { Database, Reader, Writer } from '../db/database.ts';
import { parsed } from '../db/parsed.ts';
import type { DatasetRow } from '../db/schema.ts';
import { UniqueViolation } from '../db/unique-violation.ts';
import { notFound, type SetPictures } from './set-pictures.ts';
import {
  countsOf,
  deletePictures,
  deleteSet,
  findSet,
  insertSet,
  listSets,
  lockSet,
  type PictureOfSet,
  picturesOfSet,
  rowsOfSet,
  type SetCounts,
  setNamed,
  updatePicture,
  updateSet,
} from './store/dataset-rows.ts';
import { unfinishedRuns, versionsOf } from './store/version-rows.ts';
import type { DatasetWorks } from './work.ts';

/** A copy takes a fraction of a second; a request is not kept waiting for hundreds of them. */
const MOST_AT_ONCE = 12;

export interface DatasetsOptions {
  db: Database;
  bus: Pick<Bus, 'publish'>;
  setPictures: SetPictures;
  works: DatasetWorks;
  /** Keeps deleted sets in the bin. */
  hasBin: boolean;
}

export class Datasets {
  readonly #options: DatasetsOptions;
  readonly #db: Database;

  constructor(options: DatasetsOptions) {
    this.#options = options;
    this.#db = options.db;
  }

  async list(caller: Caller): Promise<DatasetListItem[]> {
    return this.#listed(caller, await listSets(caller, this.#db.read));
  }

  /** @throws StudioError `dataset_not_found` */
  async get(caller: Caller, id: number): Promise<Dataset> {
    const { read } = this.#db;
    const row = await findSet(caller, read, id);
    const [item] = row ? await this.#listed(caller, [row]) : [];
    if (!item) throw notFound(id);
    return {
      ...item,
      items: (await picturesOfSet(caller, read, id)).map(toPicture),
      versions: await versionsOf(read, id),
      work: await this.#options.works.unfinished(caller, id),
    };
  }

  /** @throws StudioError `dataset_name_taken` */
  async create(caller: Caller, { name, trigger_words }: DatasetCreate): Promise<Dataset> {
    const row = await this.#named(name, async (trx) => {
      await refuseTakenName(trx, name, null);
      const now = Date.now();
      return insertSet(caller, trx, { name, trigger_words, ground: null, created_at: now, updated_at: now });
    });
    return this.get(caller, row.id);
  }

  /** @throws StudioError `dataset_not_found`, `dataset_name_taken` */
  async update(caller: Caller, id: number, change: DatasetUpdate): Promise<Dataset> {
    await this.#named(change.name ?? '', async (trx) => {
      await lockSet(trx, id);
      if (change.name !== undefined) await refuseTakenName(trx, change.name, id);
      if (!(await updateSet(caller, trx, id, defined(change)))) throw notFound(id);
    });
    return this.get(caller, id);
  }

  /** To the bin. Styles and runs stay. @throws StudioError `dataset_not_found`, `dataset_in_use` */
  async delete(caller: Caller, id: number): Promise<void> {
    await this.#change(async (trx) => {
      await lockSet(trx, id);
      const row = await findSet(caller, trx, id);
      if (!row) throw notFound(id);
      const task = (await unfinishedRuns(trx, [id])).get(id);
      if (task !== undefined) throw new StudioError('dataset_in_use', { data: { task }, field: 'id' });
      const rows = await rowsOfSet(trx, id);
      await deleteSet(trx, id);
      if (!this.#options.hasBin) return;
      const uploads = [...rows.dataset_pictures, ...rows.dataset_version_pictures].map(
        ({ upload_id }) => upload_id,
      );
      await insertBinItem(trx, {
        kind: 'dataset',
        ref: String(id),
        taskId: null,
        title: row.name,
        rows,
        files: [],
        uploads: [...new Set(uploads)],
        sizeBytes: 0,
        cause: 'deleted',
      });
    });
  }

  /** A few are added at once; more go on after the answer. @throws StudioError `dataset_not_found` */
  async addStored(caller: Caller, id: number, asked: AddPictures): Promise<DatasetWork> {
    const { setPictures, works } = this.#options;
    await setPictures.refuseUnknown(caller, id);
    const stored = await setPictures.stored(caller, asked);
    if (stored.length > MOST_AT_ONCE)
      return works.begin(caller, id, 'import', stored.length, ({ told }) =>
        setPictures.addStored(caller, id, stored, told),
      );
    const files: ImportedFile[] = [];
    try {
      await setPictures.addStored(caller, id, stored, (file) => void files.push(file));
    } finally {
      this.#changed();
    }
    return doneWork(id, files);
  }

  /** All or none. @throws StudioError `dataset_not_found`, `dataset_picture_not_found`, `caption_unreadable` */
  async changePictures(caller: Caller, id: number, { changes }: PictureChanges): Promise<Dataset> {
    refuseUnreadable(changes);
    await this.#changeSet(caller, id, async (trx) => {
      for (const [index, { id: picture, caption, crop }] of changes.entries()) {
        const change = {
          ...(caption === undefined ? {} : { caption: caption.replace(/\s+/g, ' ') }),
          ...(crop === undefined ? {} : { crop: crop && JSON.stringify(crop) }),
        };
        if (Object.keys(change).length === 0) continue;
        if (!(await updatePicture(trx, id, picture, change)))
          throw pictureNotFound(picture, `changes.${index}.id`);
      }
    });
    return this.get(caller, id);
  }

  /** Their uploads stay until a clean-up. Pictures that are not there count as removed. */
  async removePictures(caller: Caller, id: number, pictures: number[]): Promise<Dataset> {
    await this.#changeSet(caller, id, (trx) => deletePictures(trx, id, pictures));
    return this.get(caller, id);
  }

  /** Puts these first. @throws StudioError `dataset_not_found`, `dataset_picture_not_found` */
  async orderPictures(caller: Caller, id: number, first: number[]): Promise<Dataset> {
    await this.#changeSet(caller, id, async (trx) => {
      const rows = await picturesOfSet(caller, trx, id);
      const known = new Set(rows.map((row) => row.id));
      for (const [index, picture] of first.entries())
        if (!known.has(picture)) throw pictureNotFound(picture, `pictures.${index}`);
      const wanted = new Set(first);
      const ids = [...wanted, ...rows.map((row) => row.id).filter((each) => !wanted.has(each))];
      for (const [index, picture] of ids.entries())
        await updatePicture(trx, id, picture, { place: index + 1 });
    });
    return this.get(caller, id);
  }

  /** All or none. @throws StudioError `dataset_not_found`, `caption_too_long` with the picture's name */
  async editCaptions(
    caller: Caller,
    id: number,
    { edit, pictures: chosen, preview }: EditCaptions,
  ): Promise<EditedCaptions> {
    const among = chosen && new Set(chosen);
    const edited = async (db: Reader) => {
      const rows = (await picturesOfSet(caller, db, id)).filter((row) => among?.has(row.id) ?? true);
      const changed = rows.flatMap((row) => {
        const caption = editedCaption(row.caption, edit);
        if (caption.length > MAX_CAPTION_CHARS)
          throw new StudioError('caption_too_long', { data: { name: row.name, max: MAX_CAPTION_CHARS } });
        return caption === row.caption ? [] : [{ id: row.id, caption, before: row.caption }];
      });
      return { hits: rows.reduce((sum, row) => sum + hitsOf(row.caption, edit), 0), changed };
    };
    if (preview) {
      await this.#options.setPictures.refuseUnknown(caller, id);
      return edited(this.#db.read);
    }
    return this.#changeSet(caller, id, async (trx) => {
      const result = await edited(trx);
      for (const { id: picture, caption } of result.changed)
        await updatePicture(trx, id, picture, { caption });
      return result;
    });
  }

  /** @throws StudioError `dataset_not_found` */
  async check(caller: Caller, id: number, resolution: number): Promise<DatasetCheck> {
    const { read } = this.#db;
    const row = await findSet(caller, read, id);
    if (!row) throw notFound(id);
    const rows = await picturesOfSet(caller, read, id);
    return checkDataset(
      row,
      rows.map((picture) => ({ ...toPicture(picture), look: picture.look })),
      resolution,
    );
  }

  async #listed(caller: Caller, rows: DatasetRow[]): Promise<DatasetListItem[]> {
    const ids = rows.map(({ id }) => id);
    const counts = await countsOf(caller, this.#db.read, ids);
    const runs = await unfinishedRuns(this.#db.read, ids);
    return rows.map((row) => toListItem(row, counts.get(row.id), runs.get(row.id) ?? null));
  }

  #changeSet<T>(caller: Caller, id: number, work: (trx: Writer) => Promise<T>): Promise<T> {
    return this.#change(async (trx) => {
      await lockSet(trx, id);
      if (!(await updateSet(caller, trx, id, {}))) throw notFound(id);
      return work(trx);
    });
  }

  /** Two requests may take a name at once; the database refuses the second. */
  async #named<T>(name: string, work: (trx: Writer) => Promise<T>): Promise<T> {
    try {
      return await this.#change(work);
    } catch (error) {
      if (error instanceof UniqueViolation) throw nameTaken(name, error);
      throw error;
    }
  }

  /** One transaction, then the event. */
  async #change<T>(work: (trx: Writer) => Promise<T>): Promise<T> {
    const result = await this.#db.write(work);
    this.#changed();
    return result;
  }

  #changed(): void {
    this.#options.bus.publish({ type: 'changed', list: 'datasets' });
  }
}

/** Work that was done within its request. */
export const doneWork = (dataset: number, files: ImportedFile[]): DatasetWork => ({
  id: null,
  dataset,
  kind: 'import',
  status: 'done',
  done: files.length,
  total: files.length,
  files,
  error: null,
});

const pictureNotFound = (id: number, field: string) =>
  new StudioError('dataset_picture_not_found', { data: { id }, field });

/** Names are unique over all callers. */
async function refuseTakenName(db: Reader, name: string, except: number | null): Promise<void> {
  const row = await setNamed(SYSTEM, db, name);
  if (row && row.id !== except) throw nameTaken(name);
}
const nameTaken = (name: string, cause?: unknown) =>
  new StudioError('dataset_name_taken', { data: { name }, field: 'name', cause });

/** Refuses captions that the client decoded in the wrong encoding. */
function refuseUnreadable(changes: PictureChanges['changes']): void {
  const index = changes.findIndex(({ caption }) => caption !== undefined && !isReadableText(caption));
  if (index < 0) return;
  const name = { en: `Caption ${index + 1}`, zh: `第 ${index + 1} 条说明` };
  throw new StudioError('caption_unreadable', { data: { name }, field: `changes.${index}.caption` });
}

const defined = <T extends object>(change: T): T =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as T;

function toListItem(
  row: DatasetRow,
  { pictures, captioned, covers }: SetCounts = { pictures: 0, captioned: 0, covers: [] },
  used_by: number | null,
): DatasetListItem {
  const { id, name, trigger_words, ground, created_at, updated_at } = row;
  return {
    id,
    name,
    trigger_words,
    ground,
    pictures,
    captioned,
    covers: covers.map((file) => `/${file}`),
    used_by,
    created_at: new Date(created_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
  };
}

const toPicture = (row: PictureOfSet) => ({
  id: row.id,
  image: row.upload_id,
  url: `/${row.file}`,
  name: row.name,
  caption: row.caption,
  crop: cropOf(row.crop),
  width: row.width,
  height: row.height,
  transparent: row.transparent === 1,
});

/** A crop that cannot be read counts as none. */
export const cropOf = (stored: string | null): Crop | null => Crop.safeParse(parsed(stored)).data ?? null;
