/** The pictures given to this page since it was opened, and how the results are looked at. */
import type { FamilyOffer } from '@limner/contract';
import { create } from 'zustand';
import { api } from '../../api/api.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { cutOutModels, makeCutOut } from '../../state/task-actions.ts';

export interface CutoutItem {
  key: number;
  name: string;
  /** null until the upload is done. */
  task: number | null;
  problem: string | null;
}

interface Cutouts {
  /** Newest first. */
  items: CutoutItem[];
  selected: number | null;
  /** null: what the family suggests. */
  model: string | null;
}

export const useCutouts = create<Cutouts>(() => ({ items: [], selected: null, model: null }));

export function selectCutout(selected: number): void {
  useCutouts.setState({ selected });
}

export function chooseModel(model: string): void {
  useCutouts.setState({ model });
}

let nextKey = 1;

export function takeFiles(files: File[]): void {
  for (const file of files) void takeFile(file);
}

async function takeFile(file: File): Promise<void> {
  const key = add(file.name);
  try {
    const upload = await api.call('upload', { file, fileName: file.name });
    const task = await makeCutOut(upload.id, useCutouts.getState().model ?? undefined);
    change(key, { task });
    selectCutout(task);
  } catch (problem) {
    change(key, { problem: sentenceOf(problem) });
  }
}

/** The same picture once more, by another model. */
export async function cutOutAgain(
  name: string,
  imageRef: string,
  sourceTaskId: number | null,
): Promise<void> {
  const key = add(name);
  try {
    const task = await makeCutOut(
      imageRef,
      useCutouts.getState().model ?? undefined,
      sourceTaskId ?? undefined,
    );
    change(key, { task });
    selectCutout(task);
  } catch (problem) {
    change(key, { problem: sentenceOf(problem) });
  }
}

export const modelFor = (families: FamilyOffer[], model: string | null): string | null => {
  const models = cutOutModels(families);
  return models.find(({ value }) => value === model)?.value ?? models[0]?.value ?? null;
};

function add(name: string): number {
  const item: CutoutItem = { key: nextKey++, name, task: null, problem: null };
  useCutouts.setState(({ items }) => ({ items: [item, ...items] }));
  return item.key;
}

function change(key: number, changes: Partial<CutoutItem>): void {
  useCutouts.setState(({ items }) => ({
    items: items.map((item) => (item.key === key ? { ...item, ...changes } : item)),
  }));
}
