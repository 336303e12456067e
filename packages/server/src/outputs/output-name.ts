/**
 * Names of outputs: the only place that prints and parses them.
 *
 *   id    `12_0`, and `12_0_1` for the second output of the frame
 *   key   `outputs/12_0.png`; the first output of a cut-out is `outputs/rmbg_12.png`
 *   url   the key with a slash before it; both names of a cut-out lead to it
 */
import type { TaskKind } from '@limner/contract';

export interface OutputName {
  task: number;
  frame: number;
  /** Order within the frame. */
  place: number;
}

const ID = /^(\d{1,15})_(\d{1,4})(?:_(\d{1,3}))?$/;
const CUT_OUT = /^rmbg_(\d{1,15})$/;
const FILE = /^([\w-]+)\.([a-z0-9]{2,12})$/;
const FOLDER = 'outputs/';

export const outputId = ({ task, frame, place }: OutputName): string =>
  place === 0 ? `${task}_${frame}` : `${task}_${frame}_${place}`;

export function parseOutputId(text: string): OutputName | null {
  const cutOut = CUT_OUT.exec(text);
  if (cutOut) return { task: Number(cutOut[1]), frame: 0, place: 0 };
  const match = ID.exec(text);
  return match && { task: Number(match[1]), frame: Number(match[2]), place: Number(match[3] ?? 0) };
}

/** `12_0.png`: the last part of a key or URL. */
export function parseOutputFile(file: string): (OutputName & { extension: string }) | null {
  const [, stem = '', extension = ''] = FILE.exec(file) ?? [];
  const name = parseOutputId(stem);
  return name && { ...name, extension };
}

/** Blob key of a new output. */
export function outputKey(name: OutputName, kind: TaskKind, extension: string): string {
  const isCutOut = kind === 'remove_bg' && name.frame === 0 && name.place === 0;
  return `${FOLDER}${isCutOut ? `rmbg_${name.task}` : outputId(name)}.${extension}`;
}

export const parseOutputKey = (key: string) =>
  key.startsWith(FOLDER) ? parseOutputFile(key.slice(FOLDER.length)) : null;

export const outputUrl = (key: string): string => `/${key}`;

/** `/outputs/12_0.png?v=3` or a full URL of Limner; null for anything else. */
export function parseOutputPath(path: string): OutputName | null {
  const prefix = outputUrl(FOLDER);
  const found = path.startsWith(prefix) ? parseOutputFile(path.slice(prefix.length)) : null;
  return found && { task: found.task, frame: found.frame, place: found.place };
}
