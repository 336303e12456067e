/** A child for tests: the prompt of a *compose* job says how the job behaves. It draws nothing. */
import { StudioError } from '@limner/contract';
import { handle, type JobContext, type PictureResult } from '../engines/embedded/job.ts';
import { COMPOSE } from '../engines/starter/jobs.ts';
import { serveJobs } from './serve-jobs.ts';

async function behave(prompt: string, ctx: JobContext): Promise<PictureResult> {
  ctx.progress(0.5);
  if (prompt === 'crash') process.exit(3);
  if (prompt === 'killed') process.kill(process.pid, 'SIGKILL');
  if (prompt === 'busy loop') for (;;);
  if (prompt === 'refuse')
    throw new StudioError('nothing_recognised', { data: { words: ['refuse'] }, field: 'prompt' });
  if (prompt === 'break') throw new TypeError('a plain mistake');
  if (prompt === 'wait') await aborted(ctx.signal);
  if (prompt === 'a moment') await new Promise((resolve) => setTimeout(resolve, 50));
  ctx.preview(Buffer.from('half'), 'image/png');
  return { png: Buffer.from(prompt), summary: { en: 'done', zh: '完成' }, details: { pid: process.pid } };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
}

serveJobs([handle(COMPOSE, (job, ctx) => behave(job.prompt, ctx))]);
