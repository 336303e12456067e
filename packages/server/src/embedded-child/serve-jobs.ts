/**
 * The child's side of the embedded process: receives jobs, runs their handlers and sends back the results.
 *
 * The child owns nothing on disk and can be killed at any line. It exits when its parent does, because the IPC channel
 * closes even after kill -9. Ctrl-C reaches the whole process group, but the parent decides when to stop, because it
 * first finishes running frames.
 */
import { constants, setPriority } from 'node:os';
import { StudioError } from '@limner/contract';
import type { JobContext, JobHandler } from '../engines/embedded/job.ts';
import type { FromChild, JobFailure, ToChild } from '../engines/embedded/messages.ts';

const running = new Map<number, AbortController>();

export function serveJobs(handlers: JobHandler[]): void {
  const byName = new Map(handlers.map((handler) => [handler.name, handler]));
  // The server must stay responsive while this process uses every core.
  setPriority(Number(process.argv[2] ?? constants.priority.PRIORITY_BELOW_NORMAL));
  process.on('SIGINT', () => {});
  process.on('SIGTERM', () => {});
  // An ordinary exit would wait for native threads that are running a model.
  process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
  process.on('message', (message: ToChild) => {
    if (message.kind === 'abort') running.get(message.id)?.abort(new Error('aborted'));
    else void work(byName.get(message.name), message);
  });
}

async function work(
  handler: JobHandler | undefined,
  { id, name, job }: Extract<ToChild, { kind: 'run' }>,
): Promise<void> {
  const abort = new AbortController();
  running.set(id, abort);
  try {
    if (!handler) throw new Error(`no handler for the job "${name}"`);
    send({ kind: 'done', id, result: await handler.run(job, contextOf(id, abort.signal)) });
  } catch (error) {
    send({ kind: 'failed', id, failure: failureOf(error) });
  } finally {
    running.delete(id);
  }
}

function contextOf(id: number, signal: AbortSignal): JobContext {
  return {
    signal,
    progress: (fraction) => send({ kind: 'progress', id, fraction }),
    preview: (bytes, mediaType) => send({ kind: 'preview', id, bytes, mediaType }),
    sendNews: (news) => send({ kind: 'news', id, news }),
  };
}

/** Resolves when the channel has accepted the message, or at once if the channel is closed. */
const send = (message: FromChild): Promise<void> =>
  new Promise((resolve) => {
    if (process.connected && process.send) process.send(message, () => resolve());
    else resolve();
  });

function failureOf(error: unknown): JobFailure {
  if (error instanceof StudioError) return { code: error.code, data: error.data, field: error.field };
  const known = error instanceof Error ? error : new Error(String(error));
  return { code: null, message: known.message, stack: known.stack ?? '' };
}
