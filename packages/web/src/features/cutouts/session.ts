/** Pictures that were added on this page since it was loaded: files, links and stored pictures. */
import { create } from 'zustand';
import { api } from '../../api/api.ts';
import { BASE } from '../../api/base.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { chooseCutOut, useCutOutChoice } from '../../state/cut-out-choice.ts';
import type { GalleryPicture } from '../../state/gallery.ts';
import { makeCutOut } from '../../state/task-actions.ts';

export interface CutoutItem {
  key: number;
  name: string;
  /** null while the picture is uploading, or after that failed. */
  task: number | null;
  problem: string | null;
  /** Tries again after an error. */
  again: () => void;
}

interface Cutouts {
  /** Newest first. */
  items: CutoutItem[];
}

export const useCutouts = create<Cutouts>(() => ({ items: [] }));

export function forget(key: number): void {
  useCutouts.setState(({ items }) => ({ items: items.filter((item) => item.key !== key) }));
}

interface Source {
  ref: string;
  task?: number;
}

export function takeFiles(files: File[]): void {
  for (const file of files) take(file.name, () => uploaded(file));
}

const uploaded = async (file: File): Promise<Source> => ({
  ref: (await api.call('upload', { file, fileName: file.name })).id,
});

export function takeUrl(address: string): void {
  const url = new URL(address);
  const name = url.pathname.split('/').at(-1) || url.hostname;
  // A stored picture needs no upload.
  if (url.origin === location.origin && url.pathname.startsWith(`${BASE}/`))
    take(name, async () => ({ ref: url.pathname }));
  else take(name, async () => ({ ref: (await api.call('uploadFromUrl', { body: { url: address } })).id }));
}

export function takePictures(pictures: GalleryPicture[], nameOf: (picture: GalleryPicture) => string): void {
  for (const picture of pictures) take(nameOf(picture), async () => picture);
}

/** The same picture again with another model. */
export function cutOutAgain(name: string, ref: string, task: number | null): void {
  take(name, async () => ({ ref, ...(task === null ? {} : { task }) }));
}

let nextKey = 1;

/** Uses the model chosen now, even if the upload takes long. */
function take(name: string, source: () => Promise<Source>): void {
  const key = nextKey++;
  const model = useCutOutChoice.getState().model ?? undefined;
  const again = () => {
    change(key, { problem: null });
    inTurn(() => cut(key, source, model));
  };
  const item: CutoutItem = { key, name, task: null, problem: null, again };
  useCutouts.setState(({ items }) => ({ items: [item, ...items] }));
  again();
}

async function cut(key: number, source: () => Promise<Source>, model: string | undefined): Promise<void> {
  try {
    const { ref, task: made } = await source();
    const task = await makeCutOut(ref, model, made);
    change(key, { task });
    chooseCutOut({ shown: task });
  } catch (problem) {
    change(key, { problem: sentenceOf(problem) });
  }
}

function change(key: number, changes: Partial<CutoutItem>): void {
  useCutouts.setState(({ items }) => ({
    items: items.map((item) => (item.key === key ? { ...item, ...changes } : item)),
  }));
}

/** Many dropped pictures are uploaded a few at a time. */
const AT_ONCE = 3;
const waiting: (() => Promise<void>)[] = [];
let underWay = 0;

function inTurn(work: () => Promise<void>): void {
  waiting.push(work);
  void next();
}

async function next(): Promise<void> {
  if (underWay >= AT_ONCE) return;
  const work = waiting.shift();
  if (!work) return;
  underWay += 1;
  await work();
  underWay -= 1;
  void next();
}
