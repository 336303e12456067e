/**
 * What training a style costs on this machine, in the process and at the low priority it has in the product: until the
 * first step, per hundred steps, and memory.
 */
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { constants } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { JobContext } from '../src/engines/embedded/job.ts';
import { EmbeddedProcess } from '../src/engines/embedded/process.ts';
import { compose } from '../src/engines/starter/compose/compose.ts';
import { TRAIN } from '../src/engines/training/starter/jobs.ts';
import type { StepNews } from '../src/engines/training/starter/steps.ts';
import { ms, percentile } from './measure.ts';

const ROOT = findRoot();
const ENTRY = join(ROOT, 'packages/server/dist/embedded-child.js');
const [STEPS, PICTURES] = [50, 20];
/** The same on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const THINGS = ['cat', 'dog', 'apple', 'crown', 'rocket', 'mushroom', 'shield', 'frog', 'ghost', 'robot'];

export async function run(print: (line: string) => void): Promise<void> {
  const process = new EmbeddedProcess({ entry: ENTRY, niceness: constants.priority.PRIORITY_LOW });
  try {
    const pictures = await drawings();
    const since = performance.now();
    const steps: number[] = [];
    let firstMs = 0;
    let last = since;
    let [cpuAtFirst, cpuOfSteps] = [0, 0];
    const ctx: JobContext = {
      signal: new AbortController().signal,
      progress: () => {},
      preview: () => {},
      sendNews: (news) => {
        const { taken } = news as StepNews;
        const now = performance.now();
        if (firstMs === 0) {
          firstMs = now - since;
          cpuAtFirst = cpuSeconds(process.pid);
        } else for (const _ of taken) steps.push((now - last) / taken.length);
        if (steps.length === STEPS - 1) cpuOfSteps = cpuSeconds(process.pid) - cpuAtFirst;
        last = now;
      },
    };
    const params = { lora_rank: 8, learning_rate: 0.003, steps: STEPS };
    const job = {
      modelsDir: join(ROOT, 'models'),
      seed: 1,
      triggerWords: '',
      pictures,
      params,
      checkpoint: null,
    };
    await process.run(TRAIN, job, ctx);
    const median = percentile(steps, 50);
    const whole = performance.now() - since;
    print(`${PICTURES} pictures: first step after ${ms(firstMs)}, then ${ms(median)} a step (median)`);
    print(
      `${(median / 10).toFixed(1)} s per 100 steps; ${STEPS} steps with samples ${(whole / 1000).toFixed(1)} s`,
    );
    const cpu = (100 * cpuOfSteps) / (STEPS - 1);
    print(`processor time of 100 steps, whatever runs beside them: ${cpu.toFixed(1)} s`);
    print(`peak memory ${await peakMemoryMb(process.pid)}`);
  } finally {
    await process.close();
  }
}

/** Drawings of the library stand for a user's pictures. */
async function drawings(): Promise<{ bytes: Buffer; caption: string; subject: string }[]> {
  const pictures: { bytes: Buffer; caption: string; subject: string }[] = [];
  for (let seed = 0; seed < PICTURES; seed++) {
    const caption = `a ${THINGS[seed % THINGS.length]}`;
    const { signal } = new AbortController();
    const { png } = await compose({ prompt: caption, seed, width: 256, height: 256, signal });
    pictures.push({ bytes: png, caption, subject: caption });
  }
  return pictures;
}

/** Of all its threads, where the system tells. */
function cpuSeconds(pid: number | undefined): number {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  } catch {
    return Number.NaN;
  }
}

async function peakMemoryMb(pid: number | undefined): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kb ? `${Math.round(Number(kb) / 1024)} MB` : 'not known on this system';
}

function findRoot(): string {
  const here = fileURLToPath(import.meta.url);
  return here.slice(0, here.indexOf(join('packages', 'server')));
}
