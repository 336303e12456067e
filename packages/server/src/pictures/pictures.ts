/** Finds stored pictures, uploads and outputs, by the ids that clients use. */
import {
  type Caller,
  isPictureType,
  type OutputName,
  outputId,
  type PictureInfo,
  StudioError,
} from '@limner/contract';
import type { Reader } from '../db/database.ts';
import { paintedPrompt } from '../outputs/file-names.ts';
import { findOutput, type OutputFile, outputsOfFrame } from '../outputs/outputs-store.ts';
import { pictureName } from '../uploads/image-ref.ts';
import { findUpload } from '../uploads/uploads-store.ts';

export interface StoredPicture {
  /** An upload's id or an output's. */
  id: string;
  /** Blob key. */
  file: string;
  mediaType: string;
  width: number;
  height: number;
  /** The user's name of an upload; for an output the prompt or source of its task. */
  name: string;
  /** Known for uploads. */
  sha256: string | null;
}

export class Pictures {
  readonly #read: Reader;

  constructor(read: Reader) {
    this.#read = read;
  }

  /** The picture with this id. @throws `image_not_found`, `not_a_picture` with `field` if it is no stored picture */
  async resolve(caller: Caller, ref: string, field = 'input_image', db = this.#read): Promise<StoredPicture> {
    const found = await find(caller, db, ref);
    if (found) return found;
    const other = await otherOutput(caller, db, ref);
    if (other) throw new StudioError('not_a_picture', { data: { ref, media_type: other.media_type }, field });
    throw new StudioError('image_not_found', { data: { ref }, field });
  }

  /**
   * The kept frames of a video, in their order; otherwise the picture itself.
   * @throws StudioError `image_not_found`, `video_frames_missing` with `field`
   */
  async frames(caller: Caller, ref: string, field: string, db = this.#read): Promise<StoredPicture[]> {
    const row = await otherOutput(caller, db, ref);
    if (!row?.media_type.startsWith('video/')) return [await this.resolve(caller, ref, field, db)];
    const { task_id: task, frame_index: frame } = row;
    const stills = (await outputsOfFrame(caller, db, { task, frame })).filter(({ role }) => role === 'still');
    if (stills.length === 0) throw new StudioError('video_frames_missing', { data: { ref }, field });
    return stills.map(storedOutput);
  }

  /** In the order of the ids; null for pictures that do not exist. */
  describe(caller: Caller, refs: string[]): Promise<(PictureInfo | null)[]> {
    return Promise.all(refs.map(async (ref) => toInfo(await find(caller, this.#read, ref))));
  }
}

async function find(caller: Caller, db: Reader, ref: string): Promise<StoredPicture | null> {
  const name = pictureName(ref);
  if (!name) return null;
  return 'upload' in name ? uploaded(caller, db, name.upload) : finished(caller, db, name);
}

async function uploaded(caller: Caller, db: Reader, upload: string): Promise<StoredPicture | null> {
  const row = await findUpload(caller, db, upload);
  if (!row) return null;
  const { id, file, name, media_type: mediaType, width, height, sha256 } = row;
  return { id, file, name, mediaType, width, height, sha256 };
}

async function finished(caller: Caller, db: Reader, name: OutputName): Promise<StoredPicture | null> {
  const row = await findOutput(caller, db, name);
  // A frame may also have outputs that are no pictures.
  return row && isPictureType(row.media_type) ? storedOutput(row) : null;
}

/** Of a finished frame that has more than pictures: its video, layers as data, sound. */
async function otherOutput(caller: Caller, db: Reader, ref: string): Promise<OutputFile | undefined> {
  const name = pictureName(ref);
  return name && !('upload' in name) ? findOutput(caller, db, name) : undefined;
}

function storedOutput(row: OutputFile): StoredPicture {
  const { task_id: task, frame_index: frame, place, file, media_type: mediaType, width, height } = row;
  return {
    id: outputId({ task, frame, place }),
    file,
    name: paintedPrompt(row) || row.source_name,
    mediaType,
    width: width ?? 0,
    height: height ?? 0,
    sha256: null,
  };
}

const toInfo = (picture: StoredPicture | null): PictureInfo | null =>
  picture && {
    id: picture.id,
    url: `/${picture.file}`,
    media_type: picture.mediaType,
    width: picture.width,
    height: picture.height,
  };
