/** The training that is being put together: kept in this browser, so that a reload costs nobody their captions. */
import type { Style, Trainer, TrainingInput, TrainingParams } from '@limner/contract';
import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { api } from '../../api/api.ts';
import { sentenceOf } from '../../i18n/problem.ts';

export interface DraftPicture {
  key: number;
  /** null until the upload is done. */
  ref: string | null;
  url: string;
  name: string;
  caption: string;
  problem: string | null;
}

interface TrainingDraft {
  name: string;
  type: Style['type'];
  triggers: string;
  pictures: DraftPicture[];
  /** Only what a person changed. */
  params: TrainingParams;
}

const FRESH: TrainingDraft = { name: '', type: 'ui', triggers: '', pictures: [], params: {} };
/** Uploads at once: enough to keep the line busy. */
const AT_ONCE = 3;

export const useTrainingDraft = create<TrainingDraft>()(
  persist(() => FRESH, {
    name: 'limner.training',
    version: 1,
    partialize: (draft) => ({ ...draft, pictures: draft.pictures.filter(({ ref }) => ref !== null) }),
  }),
);

export function changeDraft(change: Partial<TrainingDraft>): void {
  useTrainingDraft.setState(change);
}

export function clearDraft(): void {
  useTrainingDraft.setState(FRESH);
}

export function setParam(key: string, value: TrainingParams[string]): void {
  useTrainingDraft.setState(({ params }) => ({ params: { ...params, [key]: value } }));
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

/** Pictures that are here already. */
export function addKnown(found: { ref: string; url: string; name: string; caption: string }[]): void {
  add(found.map((picture) => ({ ...picture, problem: null })));
}

/** Pictures from a disk; a text file beside one, of the same name, is its caption. */
export async function addFiles(files: File[]): Promise<void> {
  const texts = new Map<string, string>();
  for (const file of files.filter(isText)) texts.set(stem(file.name), (await file.text()).trim());
  const pictures = files.filter((file) => !isText(file));
  const keys = add(
    pictures.map(({ name }) => ({
      ref: null,
      url: '',
      name,
      caption: texts.get(stem(name)) ?? '',
      problem: null,
    })),
  );
  const waiting = pictures.map((file, index) => ({ file, key: keys[index] ?? 0 }));
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await send(next.file, next.key);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function send(file: File, key: number): Promise<void> {
  try {
    const { id, url } = await api.call('upload', { file, fileName: file.name });
    changePicture(key, { ref: id, url });
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

const isText = ({ name }: File): boolean => name.toLowerCase().endsWith('.txt');
const stem = (name: string): string => name.replace(/\.[^.]+$/, '');

export const paramsFor = (trainer: Trainer, params: TrainingParams): TrainingParams =>
  Object.fromEntries(trainer.params.map((param) => [param.key, params[param.key] ?? param.default]));

export const requestOf = (draft: TrainingDraft, trainer: Trainer): TrainingInput => ({
  style_name: draft.name.trim(),
  style_type: draft.type,
  trigger_words: draft.triggers.trim(),
  images: draft.pictures.flatMap(({ ref, caption }) => (ref ? [{ image: ref, caption }] : [])),
  params: paramsFor(trainer, draft.params),
  trainer: trainer.id,
});

/** Why nothing can be trained yet: the key of a sentence; null when it can. */
export function obstacle({ name, pictures }: TrainingDraft, { images }: Trainer) {
  const ready = pictures.filter(({ ref }) => ref !== null).length;
  if (pictures.some(({ ref, problem }) => ref === null && problem === null))
    return 'training.uploading' as const;
  if (ready < images.min) return 'training.tooFew' as const;
  if (ready > images.max) return 'training.tooMany' as const;
  return name.trim() === '' ? ('training.nameFirst' as const) : null;
}
