/** A task in the words of results. */
import {
  type ErrorBody,
  isFinal,
  layersOf,
  type Output,
  ownOutputs,
  type Seed,
  type Task,
} from '@limner/contract';
import type { Facts } from './result.ts';
import type { ToolCall } from './tool.ts';

/** For sentences. */
export const counted = ({ id, status, finished_frames, total_frames }: Task) => ({
  id,
  status,
  finished: finished_frames,
  total: total_frames,
});

export interface TaskPicture {
  output: Output;
  seed: Seed;
  /** Those that make it up, the lowest first. */
  layers: Output[];
}

/** Every picture and video, with the layers of each; posters and stills belong to their video. LoRAs of trainings are no pictures. */
export const picturesOf = (task: Task): TaskPicture[] =>
  task.frames.flatMap(({ outputs, seed }) => {
    const layers = layersOf(outputs);
    const own = ownOutputs(outputs).filter(({ role }) => task.task_kind !== 'training' || role !== 'lora');
    return own.map((output) => ({
      output,
      seed,
      layers: output.role === 'main' ? layers : [],
    }));
  });

/** Any of its outputs, also a layer. */
export function outputIn(task: Task, id: string): TaskPicture | undefined {
  const frame = task.frames.find(({ outputs }) => outputs.some((output) => output.id === id));
  const output = frame?.outputs.find((each) => each.id === id);
  return (
    frame &&
    output && { output, seed: frame.seed, layers: output.role === 'main' ? layersOf(frame.outputs) : [] }
  );
}

export const pictureFacts = ({ output, seed, layers }: TaskPicture, { studio }: ToolCall): Facts => ({
  id: output.id,
  url: studio.address(output.url),
  width: output.width,
  height: output.height,
  media_type: output.media_type,
  size_bytes: output.size_bytes,
  seed,
  starred: output.starred,
  ...(layers.length > 0
    ? {
        layers: layers.map(({ id }) => id),
        layers_psd: studio.address(`/api/outputs/${output.id}/layers/psd`),
        layers_ora: studio.address(`/api/outputs/${output.id}/layers/ora`),
      }
    : {}),
});

/** Each reason once, with the pictures that failed for it. */
export function failuresOf(task: Task): Facts[] {
  const byReason = new Map<string, number[]>();
  const note = ({ message }: ErrorBody, frame: number[]) =>
    byReason.set(message, [...(byReason.get(message) ?? []), ...frame]);
  for (const { index, error } of task.frames) if (error) note(error, [index]);
  if (task.error && byReason.size === 0) note(task.error, []);
  return [...byReason].map(([reason, frames]) => ({ reason, frames }));
}

export async function taskFacts(task: Task, call: ToolCall, note: string | null = null): Promise<Facts> {
  const failures = failuresOf(task);
  const notes = [note, choiceNote(task, call)].filter((each) => each !== null);
  return {
    task_id: task.id,
    status: task.status,
    progress: Number(task.progress.toFixed(3)),
    family: task.family,
    pictures: picturesOf(task).map((picture) => pictureFacts(picture, call)),
    ...(failures.length > 0 ? { failures } : {}),
    ...(notes.length > 0 ? { note: notes.join(' ') } : {}),
    ...(isFinal(task.status) ? {} : { eta_seconds: await etaOf(task.id, call) }),
  };
}

/** Said where the request was not followed as it stood. */
function choiceNote({ choice }: Task, { language, words }: ToolCall): string | null {
  const ignored = choice.ignored.length > 0 ? words.withoutEffect(choice.ignored) : null;
  const other = choice.why === 'fallback' ? choice.note[language] : null;
  return [other, ignored].filter(Boolean).join(' ') || null;
}

/** Seconds until it ends, or until it starts if it waits; null if this is not known. */
async function etaOf(id: number, { studio }: ToolCall): Promise<number | null> {
  const lanes = await studio.client.call('listLanes', {}).catch(() => []);
  const running = lanes.flatMap((lane) => lane.running).find(({ task }) => task === id);
  if (running) return rounded(running.ends_within?.high);
  return rounded(lanes.flatMap((lane) => lane.waiting).find(({ task }) => task === id)?.starts_in_seconds);
}

const rounded = (seconds: number | null | undefined): number | null =>
  seconds === null || seconds === undefined ? null : Math.max(0, Math.round(seconds));
