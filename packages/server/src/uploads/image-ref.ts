/**
 * The names that a client may use for a picture: an upload's id, an output's id, or the URL that Limner gave out for
 * either. Of a URL only the path counts; nothing is fetched and nothing is joined to a folder.
 */
import { type OutputName, parseOutputId } from '@limner/contract';
import { parseOutputPath } from '../outputs/output-name.ts';

export type PictureName = { upload: string } | OutputName;

const UPLOAD = /^(u[a-z2-7]{26})(?:\.(?:png|jpg))?$/;

export function pictureName(ref: string): PictureName | null {
  const path = pathOf(ref);
  if (path !== null) return uploadAt(path) ?? parseOutputPath(path.replace(BEFORE_OUTPUTS, ''));
  return uploadName(ref) ?? parseOutputId(ref);
}

/** The base path below which a URL was given out. */
const BEFORE_OUTPUTS = /^(\/[\w.~-]+)+(?=\/outputs\/[^/]*$)/;

const uploadAt = (path: string) => uploadName(/^(?:\/[\w.~-]+)*\/uploads\/([^/]*)$/.exec(path)?.[1] ?? '');

/** `u….png` */
export function uploadName(name: string): { upload: string } | null {
  const id = UPLOAD.exec(name)?.[1];
  return id === undefined ? null : { upload: id };
}

function pathOf(ref: string): string | null {
  const isAddress = ref.startsWith('/') || /^https?:\/\//.test(ref);
  return isAddress && URL.canParse(ref, 'http://limner') ? new URL(ref, 'http://limner').pathname : null;
}
