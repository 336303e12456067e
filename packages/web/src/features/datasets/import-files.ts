/** Sends files to a data set and keeps what became of each; the page shows it until it is dismissed. */
import { type DatasetWork, type ImportedFile, isCaptionFile, StudioError } from '@limner/contract';
import { create } from 'zustand';
import { api } from '../../api/api.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { endedWork } from '../../state/datasets.ts';

interface ImportState {
  set: number | null;
  /** Files sent and answered, and all of them. */
  done: number;
  total: number;
  files: ImportedFile[];
  /** Archives and folders that the server still reads. */
  works: DatasetWork[];
  /** What failed as a whole. */
  problems: string[];
}

const NOTHING: ImportState = { set: null, done: 0, total: 0, files: [], works: [], problems: [] };
/** Parallel uploads. */
const AT_ONCE = 2;

export const useImport = create<ImportState>(() => NOTHING);

export const dismissImport = (): void => useImport.setState(NOTHING);

export async function importFiles(set: number, files: readonly File[]): Promise<void> {
  if (files.length === 0) return;
  begin(set, files.length);
  // Captions find the pictures that they belong to.
  const texts = files.filter(({ name }) => isCaptionFile(name));
  await inParallel(
    files.filter(({ name }) => !isCaptionFile(name)),
    (file) => send(set, file),
  );
  await inParallel(texts, (file) => send(set, file));
}

/** Begins work on the server and follows it. */
export async function follow(set: number, begun: Promise<DatasetWork>): Promise<void> {
  begin(set, 0);
  try {
    await ended(await begun);
  } catch (problem) {
    change(set, ({ problems }) => ({ problems: [...problems, sentenceOf(problem)] }));
  }
}

function begin(set: number, count: number): void {
  const held = useImport.getState();
  useImport.setState(held.set === set ? { total: held.total + count } : { ...NOTHING, set, total: count });
}

async function inParallel(files: readonly File[], work: (file: File) => Promise<void>): Promise<void> {
  const waiting = [...files];
  const worker = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) await work(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function send(set: number, file: File): Promise<void> {
  const { name } = file;
  try {
    await ended(await api.call('addDatasetFile', { params: { id: set }, file, fileName: name }));
  } catch (problem) {
    const error = problem instanceof StudioError ? problem.body(spokenLanguage()) : null;
    if (error) keep(set, [{ name, outcome: 'refused', picture: null, error }]);
    else change(set, ({ problems }) => ({ problems: [...problems, `${name}: ${sentenceOf(problem)}`] }));
  }
  change(set, ({ done }) => ({ done: done + 1 }));
}

async function ended(begun: DatasetWork): Promise<void> {
  const { dataset, id } = begun;
  const { files, error } = await endedWork(begun, showWork).finally(() =>
    change(dataset, ({ works }) => ({ works: works.filter((each) => each.id !== id) })),
  );
  keep(dataset, files);
  if (error) change(dataset, ({ problems }) => ({ problems: [...problems, error.message] }));
}

const showWork = (work: DatasetWork): void =>
  change(work.dataset, ({ works }) => ({
    works: works.some(({ id }) => id === work.id)
      ? works.map((each) => (each.id === work.id ? work : each))
      : [...works, work],
  }));

const keep = (set: number, added: readonly ImportedFile[]): void =>
  change(set, ({ files }) => ({ files: [...files, ...added] }));

/** Of another set nothing is shown any more. */
const change = (set: number, next: (held: ImportState) => Partial<ImportState>): void =>
  useImport.setState((held) => (held.set === set ? next(held) : {}));
