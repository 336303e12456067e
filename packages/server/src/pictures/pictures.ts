/** Finds stored pictures, uploads and outputs, by the names that clients use. */
import { type PictureInfo, StudioError } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { type OutputName, outputId } from '../outputs/output-name.ts';
import { pictureName } from '../uploads/image-ref.ts';

export interface StoredPicture {
  /** An upload's id or an output's. */
  id: string;
  /** Blob key. */
  file: string;
  mediaType: string;
  width: number;
  height: number;
  /** Known for uploads. */
  sha256: string | null;
}

export class Pictures {
  readonly #read: Reader;

  constructor(read: Reader) {
    this.#read = read;
  }

  /** The picture that a client named. @throws `image_not_found` with `field`, whatever else it sent. */
  async resolve(ref: string, field = 'input_image', db = this.#read): Promise<StoredPicture> {
    const found = await find(db, ref);
    if (!found) throw new StudioError('image_not_found', { data: { ref }, field });
    return found;
  }

  /** In the same order; null for missing ones. */
  describe(refs: string[]): Promise<(PictureInfo | null)[]> {
    return Promise.all(refs.map(async (ref) => toInfo(await find(this.#read, ref))));
  }
}

async function find(db: Reader, ref: string): Promise<StoredPicture | null> {
  const name = pictureName(ref);
  if (!name) return null;
  return 'upload' in name ? uploaded(db, name.upload) : finished(db, name);
}

async function uploaded(db: Reader, upload: string): Promise<StoredPicture | null> {
  const row = await db.selectFrom('uploads').selectAll().where('id', '=', upload).executeTakeFirst();
  if (!row) return null;
  const { id, file, media_type: mediaType, width, height, sha256 } = row;
  return { id, file, mediaType, width, height, sha256 };
}

async function finished(db: Reader, name: OutputName): Promise<StoredPicture | null> {
  const row = await db
    .selectFrom('outputs')
    .select(['file', 'media_type', 'width', 'height'])
    .where('task_id', '=', name.task)
    .where('frame_index', '=', name.frame)
    .where('place', '=', name.place)
    .executeTakeFirst();
  // An output may not be a picture.
  if (!row?.media_type.startsWith('image/')) return null;
  const { file, media_type: mediaType, width, height } = row;
  return { id: outputId(name), file, mediaType, width: width ?? 0, height: height ?? 0, sha256: null };
}

const toInfo = (picture: StoredPicture | null): PictureInfo | null =>
  picture && {
    id: picture.id,
    url: `/${picture.file}`,
    media_type: picture.mediaType,
    width: picture.width,
    height: picture.height,
  };
