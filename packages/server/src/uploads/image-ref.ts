/**
 * The names under which a client may speak of a picture: an upload's id, an output's id, or the URL we handed out for
 * either. Of a URL only the path counts; nothing is fetched and nothing is joined to a folder.
 */
export type PictureName = { upload: string } | { task: number; index: number };

const UPLOAD = /^(u[a-z2-7]{26})(?:\.(?:png|jpg))?$/;
/** The only picture of a cut-out is called after its task. */
const OUTPUT = /^(?:(\d{1,15})_(\d{1,4})|rmbg_(\d{1,15}))$/;
const OUTPUT_FILE = /^(?:(\d{1,15})_(\d{1,4})|rmbg_(\d{1,15}))\.[a-z0-9]{2,5}$/;

export function pictureName(ref: string): PictureName | null {
  const path = pathOf(ref);
  if (path?.startsWith('/uploads/')) return uploadName(path.slice('/uploads/'.length));
  if (path?.startsWith('/outputs/')) return outputFileName(path.slice('/outputs/'.length));
  return uploadName(ref) ?? outputName(ref, OUTPUT);
}

/** `u….png` */
export function uploadName(name: string): { upload: string } | null {
  const id = UPLOAD.exec(name)?.[1];
  return id === undefined ? null : { upload: id };
}

/** `12_0.png`, or `rmbg_12.png` for the only picture of a cut-out. */
export const outputFileName = (name: string) => outputName(name, OUTPUT_FILE);

function outputName(name: string, pattern: RegExp): { task: number; index: number } | null {
  const match = pattern.exec(name);
  return match && { task: Number(match[1] ?? match[3]), index: Number(match[2] ?? 0) };
}

function pathOf(ref: string): string | null {
  const isAddress = ref.startsWith('/') || /^https?:\/\//.test(ref);
  return isAddress && URL.canParse(ref, 'http://limner') ? new URL(ref, 'http://limner').pathname : null;
}
