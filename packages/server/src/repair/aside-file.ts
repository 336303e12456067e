/** What the names of files without a row say. */
import type { OutputName } from '@limner/contract';
import { parseOutputFile } from '../outputs/output-name.ts';
import type { BlobStat } from '../storage/blobs.ts';
import { today } from '../storage/set-aside.ts';

export interface AsideFile extends BlobStat {
  /** Where it lies: in `set-aside/<day>/`, or not moved there yet. */
  key: string;
}

export interface AsideOutput extends AsideFile {
  kind: 'output';
  name: OutputName;
  extension: string;
  /** Its name is that of a cut-out. */
  isCutOut: boolean;
}

export interface AsideUpload extends AsideFile {
  kind: 'upload';
  id: string;
  extension: string;
}

export interface AsideLora extends AsideFile {
  kind: 'lora';
  /** The training that made it. */
  task: number;
}

const KEY = /^(?:set-aside\/(\d{4}-\d{2}-\d{2})\/)?([a-z]+)\/([^/]+)$/;
/** Two files of one name were set aside on one day. */
const NUMBER = /-\d+(?=\.[a-z0-9]+$)/;
const UPLOAD = /^(u[a-z2-7]{26})\.(png|jpe?g|webp|gif)$/;
const LORA = /^trained-(\d{1,15})(?:-\d+)?\.safetensors$/;

/** null: not a name that Limner gives. */
export function asideFile(file: AsideFile): AsideOutput | AsideUpload | AsideLora | null {
  const [, , folder, name = ''] = KEY.exec(file.key) ?? [];
  const own = name.replace(NUMBER, '');
  if (folder === 'outputs') return asideOutput(file, own);
  if (folder === 'loras') {
    const task = LORA.exec(name)?.[1];
    return task === undefined ? null : { ...file, kind: 'lora', task: Number(task) };
  }
  if (folder !== 'uploads') return null;
  const [, id, extension = ''] = UPLOAD.exec(own) ?? [];
  return id === undefined ? null : { ...file, kind: 'upload', id, extension };
}

function asideOutput(file: AsideFile, own: string): AsideOutput | null {
  const found = parseOutputFile(own);
  if (!found || found.task === 0) return null;
  const { extension, ...name } = found;
  return { ...file, kind: 'output', name, extension, isCutOut: own.startsWith('rmbg_') };
}

/** The day it was set aside; null: it was not. */
export const dayOf = ({ key }: Pick<AsideFile, 'key'>): string | null => KEY.exec(key)?.[1] ?? null;

/** Where rows of a task that does not exist are kept. */
export const asideRowsKey = (task: number): string =>
  `set-aside/${today()}/rows/task-${task}-${Date.now()}.json`;

export const isAsideRows = (key: string): boolean => /^set-aside\/[^/]+\/rows\/[^/]+\.json$/.test(key);
