/** Actions on a task or a picture. Each shows its error as a sentence; none throws. */
import type { FamilyOffer, Frame, Output, Recipe, Task, UpscaleInput } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../api/api.ts';
import { sentenceOf } from '../i18n/problem.ts';
import { modelFor } from './cut-out-models.ts';
import { type Notice, notify } from './notices.ts';
import { INPUTS, valuesOf } from './recipe/param-values.ts';
import { usedNegative } from './recipe/used-negative.ts';
import { useStudio } from './studio.ts';
import { loadTask, receiveTask } from './tasks.ts';

/** A button beside the sentence of an error; null: it has none. */
export type CureOf = (problem: unknown) => Notice['action'] | null;

/** Runs an action; false if it failed, after showing the error. */
export async function attempt(action: () => Promise<unknown>, cureOf: CureOf = () => null): Promise<boolean> {
  try {
    await action();
    return true;
  } catch (problem) {
    const cure = cureOf(problem);
    notify({ text: sentenceOf(problem), tone: 'problem', ...(cure ? { action: cure } : {}) });
    return false;
  }
}

/** Starts a task with an unchanged recipe. */
export async function paint(recipe: Recipe, count: number): Promise<Task> {
  const task = await api.call('createTask', { body: { recipe: asPainted(recipe), batch_size: count } });
  receiveTask(task);
  return task;
}

/** Trainings have their own form. */
function asPainted({ kind, ...recipe }: Recipe) {
  if (kind === 'training') throw new Error('a training is no painting');
  return { kind, ...recipe };
}

export const cancelTask = (id: number) =>
  attempt(async () => receiveTask(await api.call('cancelTask', { params: { id } })));
export const retryTask = (id: number) =>
  attempt(async () => receiveTask(await api.call('retryTask', { params: { id } })));
export const cancelFrame = (id: number, index: number) =>
  attempt(async () => receiveTask(await api.call('cancelFrame', { params: { id, index } })));
export const retryFrame = (id: number, index: number) =>
  attempt(async () => receiveTask(await api.call('retryFrame', { params: { id, index } })));

/** Makes a cut-out; its task is in the store when this resolves. */
export async function makeCutOut(imageRef: string, model?: string, sourceTaskId?: number): Promise<number> {
  const { families } = useStudio.getState();
  const chosen = model ?? modelFor(families, null) ?? undefined;
  const isWorkflow = families.some(({ id, only_named }) => only_named && id === chosen);
  const by = isWorkflow ? { family: chosen } : { model: chosen };
  const body = { input_image: imageRef, ...by, source_task_id: sourceTaskId };
  const task = await api.call('removeBg', { body });
  await loadTask(task.id);
  return task.id;
}

export async function cutOut(imageRef: string, sourceTaskId: number): Promise<void> {
  const done = await attempt(() => makeCutOut(imageRef, undefined, sourceTaskId));
  if (done) notify({ text: i18next.t('tools.cutOutStarted'), tone: 'news' });
}

export async function upscale(
  imageRef: string,
  how: Pick<UpscaleInput, 'factor' | 'model' | 'creativity' | 'prompt'>,
  sourceTaskId: number,
): Promise<void> {
  const body = { input_image: imageRef, ...how, source_task_id: sourceTaskId };
  const done = await attempt(async () => receiveTask(await api.call('upscale', { body })));
  if (done) notify({ text: i18next.t('tools.upscaleStarted'), tone: 'news' });
}

/** Into layers, by a family that does so. */
export async function takeApart(imageRef: string, family: string, sourceTaskId: number): Promise<void> {
  const recipe = { kind: 'generation', type: 'img2img', family, input_image: imageRef } as const;
  const body = { recipe, source_task_id: sourceTaskId };
  const done = await attempt(async () => receiveTask(await api.call('createTask', { body })));
  if (done) notify({ text: i18next.t('tools.takeApartStarted'), tone: 'news' });
}

/** The same recipe under new seeds. */
export async function vary({ recipe }: Task, count: number): Promise<void> {
  const done = await attempt(() => paint({ ...recipe, seed: null }, count));
  if (done) notify({ text: i18next.t('tools.varyStarted'), tone: 'news' });
}

/** Other kinds give the same result each time. */
export const canVary = ({ task_kind }: Task): boolean => task_kind === 'generation' || task_kind === 'edit';

export function downloadPicture({ output }: Frame): void {
  if (output) downloadOutput(output);
}

export function downloadOutput(output: Pick<Output, 'url' | 'file_name'>): void {
  const link = document.createElement('a');
  link.href = output.url;
  link.download = output.file_name;
  link.click();
}

/** A picture dropped on the desktop or in a folder is the whole file under its name. Chromium and its relatives know this. */
export function carryPicture(data: DataTransfer, { url, media_type, file_name }: Output): void {
  const address = new URL(url, location.href).href;
  data.effectAllowed = 'copy';
  data.setData('DownloadURL', `${media_type}:${file_name}:${address}`);
  // No address: a page of Limner would take it as a picture to fetch.
  data.setData('text/plain', file_name);
}

/** As PNG, whatever it is kept as. If the browser refuses, a sentence says so. */
export async function copyPicture({ url }: Output): Promise<void> {
  try {
    // Given as a promise: some browsers forget that a key was pressed while the picture is fetched.
    const png = asPng(url);
    // If the clipboard refuses at once, nothing awaits this promise.
    png.catch(() => undefined);
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    notify({ text: i18next.t('tools.pictureCopied'), tone: 'news' });
  } catch {
    notify({ text: i18next.t('tools.copyRefused'), tone: 'problem' });
  }
}

async function asPng(url: string): Promise<Blob> {
  const kept = await (await fetch(url)).blob();
  if (kept.type === 'image/png') return kept;
  const bitmap = await createImageBitmap(kept);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type: 'image/png' });
}

export async function copyText(text: string, notice: string): Promise<void> {
  const done = await attempt(() => intoClipboard(text));
  if (done) notify({ text: notice, tone: 'news' });
}

/** Browsers deny the clipboard to pages that are neither local nor https. */
async function intoClipboard(text: string): Promise<void> {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement('textarea');
  field.value = text;
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

const titled = (name: string): string => `${name[0]?.toUpperCase()}${name.slice(1)}`;

/** The recipe in the text format of other tools. */
export function recipeText(
  task: Task,
  frame: Frame,
  { model, families }: { model: string; families: FamilyOffer[] },
): string {
  const facts = [
    ...Object.entries(valuesOf(task)).map(([key, value]) => `${titled(key.replace(INPUTS, ''))}: ${value}`),
    `Seed: ${frame.seed}`,
    ...(task.width && task.height ? [`Size: ${task.width}x${task.height}`] : []),
    `Model: ${model}`,
  ];
  const { prompt, negative_prompt } = frame.drawn ?? task;
  const used = usedNegative({ ...task, negative_prompt }, families);
  const negative = used === null ? [] : [`Negative prompt: ${used}`];
  return [prompt, ...negative, facts.join(', ')].join('\n');
}
