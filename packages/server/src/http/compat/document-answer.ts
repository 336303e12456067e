/** What the APIs of the documents share: refusals as `detail`, the four status words, progress in percent. */
import { inLanguage, isFinal, type Language, type StudioError, type Task } from '@limner/contract';
import type { FastifyRequest } from 'fastify';
import { requestedLanguage } from '../language.ts';

/** Chinese, as in the documents, unless the client names a language. */
export function documentLanguage(request: FastifyRequest): Language {
  const isNamed =
    'lang' in (request.query as object) || /[a-z]{2}/i.test(request.headers['accept-language'] ?? '');
  return isNamed ? requestedLanguage(request) : 'zh';
}

export const documentRefusal = (error: StudioError, request: FastifyRequest) => ({
  detail: error.body(documentLanguage(request)).message,
  code: error.code,
  ...(error.field === undefined ? {} : { field: error.field }),
});

export type DocumentStatus = 'pending' | 'processing' | 'completed' | 'failed';

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
  frames.flatMap(({ outputs }) => outputs.filter(({ role }) => role === 'main'));
