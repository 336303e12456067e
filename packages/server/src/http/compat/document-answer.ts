/** What the APIs of the documents share: refusals as `detail`, the four status words, progress in percent. */
import {
  fromDigits,
  inLanguage,
  isFinal,
  isPictureType,
  type Language,
  type Output,
  StudioError,
  sentences,
  type Task,
  TaskId,
} from '@limner/contract';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { documentLanguage } from '../language.ts';
import { workNote } from './reference-edit.ts';

export const DocumentRefusal = z.object({
  detail: z.string(),
  code: z.string(),
  field: z.string().optional(),
});

export function documentRefusal(
  error: StudioError,
  request: FastifyRequest,
  reply: FastifyReply,
): z.output<typeof DocumentRefusal> {
  // What a field names and nothing has is a wrong field, not a wrong address.
  if (request.method === 'POST' && error.field !== undefined && error.status === 404) reply.status(400);
  return {
    detail: error.body(documentLanguage(request)).message,
    code: error.code,
    ...(error.field === undefined ? {} : { field: documentField(error.field) }),
  };
}

/** In every address of the documents. */
const documentField = (field: string): string => (field === 'id' ? 'task_id' : field);

export const DocumentStatus = z.enum(['pending', 'processing', 'completed', 'failed']);
export type DocumentStatus = z.infer<typeof DocumentStatus>;

/** A task with some pictures is completed; one that was cancelled has failed. */
export function documentStatus({
  status,
  finished_frames,
}: Pick<Task, 'status' | 'finished_frames'>): DocumentStatus {
  if (status === 'queued') return 'pending';
  if (!isFinal(status)) return 'processing';
  return finished_frames > 0 ? 'completed' : 'failed';
}

/** 0…100. */
export const percent = (progress: number): number => Math.round(progress * 100);

/** The reason of a task that left no picture; null otherwise. */
export function documentError(task: Task, language: Language): string | null {
  if (documentStatus(task) !== 'failed') return null;
  const error = task.error ?? task.frames.find((frame) => frame.error)?.error ?? null;
  return error ? inLanguage(error, language).message : CANCELLED[language];
}

const CANCELLED = { en: 'The task was cancelled.', zh: '任务已取消。' };

/** The pictures that were asked for, in the order of the frames. */
export const picturesOf = ({ frames }: Task) =>
  frames.flatMap(({ outputs }) =>
    outputs.filter(({ role, media_type }) => role === 'main' && isPictureType(media_type)),
  );

/** Names of tasks are text in the documents: those of ours are numbers, but clients also remember names of other servers. */
export const taskParams = z.object({ task_id: fromDigits(TaskId).or(z.string()) });

/** @throws StudioError `task_not_found` for a text that is no name of ours */
export function namedTask({ task_id: id }: z.output<typeof taskParams>): number {
  if (typeof id === 'number') return id;
  throw new StudioError('task_not_found', { field: 'task_id', data: { id } });
}

export const Accepted = z.object({ task_id: z.string(), status: DocumentStatus, message: z.string() });

export function accepted(
  task: Task,
  request: FastifyRequest,
  more: (string | null)[] = [],
): z.output<typeof Accepted> {
  const language = documentLanguage(request);
  const said = { en: `Task ${task.id} is in the queue.`, zh: `任务 ${task.id} 已加入队列。` }[language];
  return {
    task_id: String(task.id),
    status: documentStatus(task),
    message: sentences(language, [said, workNote(task, language), ...more]),
  };
}

/** The picture and its preview, as absolute addresses. */
export const addressesOf = ({ url }: Pick<Output, 'url'>, own: string) => ({
  image_url: `${own}${url}`,
  preview_url: `${own}${url}?w=512`,
});
