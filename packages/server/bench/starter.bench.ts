/**
 * What the built-in engine costs on this machine: time per picture of both hands, cold and warm, alone and as a batch of
 * four, and for the paint hand its time over that of the same networks run with nothing around them.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { JobContext } from '../src/engines/embedded/job.ts';
import { EmbeddedProcess } from '../src/engines/embedded/process.ts';
import { floats, integers, runForOne, shippedSession } from '../src/engines/embedded/sessions.ts';
import { COMPOSE, PAINT } from '../src/engines/starter/jobs.ts';
import { DETAIL_PLANES } from '../src/engines/starter/paint/detail.ts';
import { detailBeside } from '../src/engines/starter/paint/detail-beside.ts';
import { HINT_KINDS, TEXT_WIDTH, TOKENS } from '../src/engines/starter/paint/feeds.ts';
import { LATENT_SHAPE } from '../src/engines/starter/paint/latent.ts';
import { LORA_VALUES } from '../src/engines/starter/paint/lora.ts';
import { DENOISER_WEIGHTS } from '../src/engines/starter/paint/model.ts';
import { paint } from '../src/engines/starter/paint/paint.ts';
import { SHARPENER_FILE } from '../src/engines/starter/paint/sharpen.ts';
import { ms, percentile } from './measure.ts';

const ROOT = findRoot();
const MODELS_DIR = join(ROOT, 'models');
const DIST = join(ROOT, 'packages/server/dist');
const [STEPS, ROUNDS] = [12, 7];
/** Half of the drawings take longer than the others, and a neighbour may take the machine at any moment. */
const [DRAWINGS, TRIES] = [20, 3];
const PROMPT = 'a red dragon';

const ctx = (): JobContext => ({
  signal: new AbortController().signal,
  progress: () => {},
  preview: () => {},
});
const paintJob = (seed: number, sidePx: number) => {
  const settings = { steps: STEPS, guidance: 2, denoise: 0.8, start: null, control: null, lora: null };
  return { modelsDir: MODELS_DIR, prompt: PROMPT, seed, width: sidePx, height: sidePx, ...settings };
};

export async function run(print: (line: string) => void): Promise<void> {
  const entry = join(DIST, 'embedded-child.js');
  for (const hand of [COMPOSE, PAINT] as const) {
    for (const sidePx of [512, 1024]) print(await handLine(entry, hand, sidePx));
  }
  print(await overheadLine());
}

async function handLine(entry: string, hand: typeof COMPOSE | typeof PAINT, sidePx: number): Promise<string> {
  const embedded = new EmbeddedProcess({ entry });
  const draw = (seed: number) =>
    hand === PAINT
      ? embedded.run(PAINT, paintJob(seed, sidePx), ctx())
      : embedded.run(COMPOSE, { prompt: PROMPT, seed, width: sidePx, height: sidePx }, ctx());
  try {
    const cold = await timed(() => draw(0));
    const warm = await medianOf(ROUNDS, (i) => draw(i + 1));
    const batch = await medianOf(3, (i) =>
      Promise.all([0, 1, 2, 3].map((frame) => draw(100 + 4 * i + frame))),
    );
    const memory = await peakMemoryMb(embedded.pid);
    return `${hand.name} ${sidePx} px: first ${ms(cold)}, then ${ms(warm)} a picture; batch of 4 ${ms(batch)} (${ms(batch / 4)} each); peak memory ${memory}`;
  } finally {
    await embedded.close();
  }
}

/** In this process, so that both sides run on the same threads and the same sessions. */
async function overheadLine(): Promise<string> {
  const makeDetail = detailBeside(pathToFileURL(join(DIST, 'detail-thread.js')));
  const whole = (seed: number) => paint(paintJob(seed, 512), ctx(), makeDetail);
  await whole(0);
  const bare = await bareNetworks();
  await bare();
  const [wholes, bares]: [Cost[], Cost[]] = [[], []];
  for (let drawing = 0; drawing < DRAWINGS; drawing++) {
    const tries: [Cost, Cost][] = [];
    // In turns, so that a busy neighbour slows both.
    for (let i = 0; i < TRIES; i++) tries.push([await costOf(() => whole(drawing)), await costOf(bare)]);
    wholes.push(least(tries.map(([cost]) => cost)));
    bares.push(least(tries.map(([, cost]) => cost)));
  }
  const told = (of: keyof Cost) => {
    const [ofWholes, ofBares] = [wholes, bares].map((costs) =>
      costs.reduce((sum, cost) => sum + cost[of], 0),
    );
    const ratio = (ofWholes as number) / (ofBares as number);
    return `${ratio.toFixed(2)} (${ms((ofWholes as number) / DRAWINGS)} ÷ ${ms((ofBares as number) / DRAWINGS)})`;
  };
  return `paint 512 px, whole ÷ bare networks, ${DRAWINGS} drawings, best of ${TRIES} each: time ${told('wallMs')}, work of all threads ${told('cpuMs')}; goal ≤ 1.2`;
}

const least = (costs: Cost[]): Cost => ({
  wallMs: Math.min(...costs.map(({ wallMs }) => wallMs)),
  cpuMs: Math.min(...costs.map(({ cpuMs }) => cpuMs)),
});

/** The runs of the networks that one painted picture takes, on inputs of the same shapes. */
async function bareNetworks(): Promise<() => Promise<void>> {
  const open = (...files: string[]) => shippedSession(join(MODELS_DIR, 'starter'), ...files);
  const [text, decoder, encoder, sharpener, denoiser] = await Promise.all([
    open('text.onnx'),
    open('decoder.onnx'),
    open('encoder.onnx'),
    open(SHARPENER_FILE),
    open(DENOISER_WEIGHTS, 'denoiser.onnx'),
  ]);
  const [canvas, detail, latent, ids] = [
    await zeros(1, 4, 128, 128),
    await zeros(1, DETAIL_PLANES, 512, 512),
    await zeros(1, ...LATENT_SHAPE),
    await integers(new Array<number>(TOKENS).fill(1), [1, TOKENS]),
  ];
  const feeds = {
    lora: await zeros(LORA_VALUES),
    x: await zeros(2, ...LATENT_SHAPE),
    t: await zeros(2),
    txt: await zeros(2, TOKENS, TEXT_WIDTH),
    present: await floats(new Float32Array(2 * TOKENS).fill(1), [2, TOKENS]),
    style: await integers([0, 0], [2]),
    hints: await zeros(2, HINT_KINDS.length, ...LATENT_SHAPE),
    flags: await zeros(2, HINT_KINDS.length),
  };
  return async () => {
    await runForOne(encoder, { rgba: canvas });
    await runForOne(text, { ids });
    for (let step = 0; step < STEPS; step++) await runForOne(denoiser, feeds);
    await runForOne(decoder, { z: latent });
    await runForOne(sharpener, { rgba: canvas, detail });
  };
}

const zeros = (...dims: number[]) =>
  floats(new Float32Array(dims.reduce((product, dim) => product * dim, 1)), dims);

/** On a busy machine the clock also counts the neighbours' work; the processor's own count does not. */
interface Cost {
  wallMs: number;
  cpuMs: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const before = process.cpuUsage();
  const wallMs = await timed(work);
  const { user, system } = process.cpuUsage(before);
  return { wallMs, cpuMs: (user + system) / 1000 };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const since = performance.now();
  await work();
  return performance.now() - since;
}

async function medianOf(rounds: number, work: (round: number) => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < rounds; i++) times.push(await timed(() => work(i)));
  return median(times);
}

const median = (values: number[]): number => percentile(values, 50);

async function peakMemoryMb(pid: number | undefined): Promise<string> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const kb = /VmHWM:\s+(\d+)/.exec(status)?.[1];
  return kb ? `${Math.round(Number(kb) / 1024)} MB` : 'not known on this system';
}

function findRoot(): string {
  const here = fileURLToPath(import.meta.url);
  return here.slice(0, here.indexOf(join('packages', 'server')));
}
