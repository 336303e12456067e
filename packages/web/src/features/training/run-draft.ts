/** The draft of a training, stored in this browser, so that captions survive a reload. */

import {
  captionFileOf,
  isCaptionFile,
  type Style,
  type Training,
  type TrainingParams,
  type Upload,
} from '@limner/contract';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { api } from '../../api/api.ts';
import { storageKey } from '../../api/base.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { type CaptionText, readCaptionTexts } from './caption-texts.ts';

export interface DraftPicture {
  key: number;
  /** null until the upload is done. */
  ref: string | null;
  url: string;
  name: string;
  caption: string;
  problem: string | null;
  /** Of an upload. */
  facts?: Pick<Upload, 'width' | 'height' | 'sha256'>;
}

export interface TrainingDraft {
  /** A trainer's id; null: the best that is available. */
  trainer: string | null;
  name: string;
  type: Style['type'];
  triggers: string;
  pictures: DraftPicture[];
  /** It trains from this data set instead of `pictures`. */
  dataset: { id: number; name: string; pictures: number } | null;
  /** By trainer, only values that the user changed. */
  params: Record<string, TrainingParams>;
  /** The result of the caption files added last. */
  captions: { problems: string[]; alone: string[] };
}

const FRESH: TrainingDraft = {
  trainer: null,
  name: '',
  type: 'ui',
  triggers: '',
  pictures: [],
  dataset: null,
  params: {},
  captions: { problems: [], alone: [] },
};
/** Parallel uploads. */
const AT_ONCE = 3;

export const useTrainingDraft = create<TrainingDraft>()(
  persist(() => FRESH, {
    name: storageKey('limner.training'),
    version: 2,
    // The parameters of version 1 belonged to the built-in trainer.
    migrate: (stored) => {
      const { params = {}, ...draft } = stored as Partial<TrainingDraft>;
      return { ...FRESH, ...draft, params: { 'starter-lora': params as unknown as TrainingParams } };
    },
    partialize: ({ captions: _, ...draft }) => ({
      ...draft,
      pictures: draft.pictures.filter(({ ref }) => ref !== null),
    }),
  }),
);

export function changeDraft(change: Partial<TrainingDraft>): void {
  useTrainingDraft.setState(change);
}

/** The chosen trainer stays. */
export function clearDraft(): void {
  useTrainingDraft.setState(({ trainer }) => ({ ...FRESH, trainer }));
}

/** Keeps the values of other parameters. */
export function setParams(trainer: string, change: TrainingParams): void {
  useTrainingDraft.setState(({ params }) => ({
    params: { ...params, [trainer]: { ...params[trainer], ...change } },
  }));
}

/** The form of another run like this one: its pictures and captions, or its data set as it is now. */
export function repeatRun(run: Training): void {
  const { dataset } = run;
  clearDraft();
  changeDraft({
    trainer: run.trainer,
    name: run.style_name,
    type: run.style_type,
    triggers: run.trigger_words,
    dataset: dataset && { id: dataset.id, name: dataset.name, pictures: run.images.length },
    params: { [run.trainer]: run.params },
  });
  addKnown(
    run.images.flatMap(({ id, url, caption }) => (url ? [{ ref: id, url, name: caption, caption }] : [])),
  );
}

export function changePicture(key: number, change: Partial<DraftPicture>): void {
  useTrainingDraft.setState(({ pictures }) => ({
    pictures: pictures.map((picture) => (picture.key === key ? { ...picture, ...change } : picture)),
  }));
}

export function removePicture(key: number): void {
  useTrainingDraft.setState(({ pictures }) => ({
    pictures: pictures.filter((picture) => picture.key !== key),
  }));
}

/** Stored pictures. */
export function addKnown(found: { ref: string; url: string; name: string; caption: string }[]): void {
  add(found.map((picture) => ({ ...picture, problem: null })));
}

/** Adds pictures and caption files. A caption file belongs to the picture of the same name, which may have been added before. */
export async function addFiles(files: File[]): Promise<void> {
  const { texts, problems } = await readCaptionTexts(files.filter(({ name }) => isCaptionFile(name)));
  const pictures = files.filter(({ name }) => !isCaptionFile(name));
  captionHeld(texts);
  const keys = add(
    pictures.map(({ name }) => ({
      ref: null,
      url: '',
      name,
      caption: captionFileOf(name, texts)?.caption ?? '',
      problem: null,
    })),
  );
  const used = new Set(useTrainingDraft.getState().pictures.map(({ name }) => captionFileOf(name, texts)));
  const alone = texts.filter((text) => !used.has(text)).map(({ name }) => name);
  changeDraft({ captions: { problems, alone } });
  const waiting = pictures.map((file, index) => ({ file, key: keys[index] ?? 0 }));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await send(next.file, next.key);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function send(file: File, key: number): Promise<void> {
  try {
    const { id, url, width, height, sha256 } = await api.call('upload', { file, fileName: file.name });
    changePicture(key, { ref: id, url, facts: { width, height, sha256 } });
  } catch (problem) {
    changePicture(key, { problem: sentenceOf(problem) });
  }
}

function add(pictures: Omit<DraftPicture, 'key'>[]): number[] {
  const held = useTrainingDraft.getState().pictures;
  const first = Math.max(0, ...held.map(({ key }) => key)) + 1;
  const added = pictures.map((picture, index) => ({ ...picture, key: first + index }));
  useTrainingDraft.setState({ pictures: [...held, ...added] });
  return added.map(({ key }) => key);
}

/** Keeps captions that the user wrote. */
function captionHeld(texts: CaptionText[]): void {
  const captioned = (picture: DraftPicture) =>
    picture.caption === ''
      ? { ...picture, caption: captionFileOf(picture.name, texts)?.caption ?? '' }
      : picture;
  useTrainingDraft.setState(({ pictures }) => ({ pictures: pictures.map(captioned) }));
}
