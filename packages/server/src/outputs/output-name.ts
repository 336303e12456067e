/**
 * Files of outputs: the only place that prints and parses their names. The contract does so for ids.
 *
 *   key   `outputs/12_0.png`; the first output of a cut-out is `outputs/rmbg_12.png`
 *   url   the key with a slash before it; both names of a cut-out lead to it
 */
import { type OutputName, outputId, parseOutputId, type TaskKind } from '@limner/contract';

const FILE = /^([\w-]+)\.([a-z0-9]{2,12})$/;
export const OUTPUTS_FOLDER = 'outputs/';

/** An id that the contract has checked. */
export function outputNamed(id: string): OutputName {
  const name = parseOutputId(id);
  if (!name) throw new Error(`${id} is no output`);
  return name;
}

/** `12_0.png`: the last part of a key or URL. */
export function parseOutputFile(file: string): (OutputName & { extension: string }) | null {
  const [, stem = '', extension = ''] = FILE.exec(file) ?? [];
  const name = parseOutputId(stem);
  return name && { ...name, extension };
}

/** Named by its id. */
export const outputFile = (name: OutputName, extension: string): string => `${outputId(name)}.${extension}`;

/** Blob key of a new output. */
export function outputKey(name: OutputName, kind: TaskKind, extension: string): string {
  const isCutOut = kind === 'remove_bg' && name.frame === 0 && name.place === 0;
  return `${OUTPUTS_FOLDER}${isCutOut ? `rmbg_${name.task}.${extension}` : outputFile(name, extension)}`;
}

export const parseOutputKey = (key: string) =>
  key.startsWith(OUTPUTS_FOLDER) ? parseOutputFile(key.slice(OUTPUTS_FOLDER.length)) : null;

export const outputUrl = (key: string): string => `/${key}`;

/** `/outputs/12_0.png`; null for anything else. */
export function parseOutputPath(path: string): OutputName | null {
  const found = path.startsWith('/') ? parseOutputKey(path.slice(1)) : null;
  return found && { task: found.task, frame: found.frame, place: found.place };
}
