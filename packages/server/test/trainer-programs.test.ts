/**
 * The trainers that are programs, each with a stand-in that reads the files written for the real one and prints, saves and
 * ends as it does: what becomes of a run that is cancelled, killed, out of disk or silent.
 */
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StudioError } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AiToolkitProgram } from '../src/engines/training/ai-toolkit/ai-toolkit-program.ts';
import { KohyaProgram } from '../src/engines/training/kohya/kohya-program.ts';
import { MfluxProgram } from '../src/engines/training/mflux/mflux-program.ts';
import { failureOf } from '../src/engines/training/program/failure.ts';
import { ProgramTrainer, type Supervision } from '../src/engines/training/program/program-trainer.ts';
import type { TrainingProgram } from '../src/engines/training/program/training-program.ts';
import type { Trained, TrainingJob } from '../src/engines/training/trainer.ts';
import { writeWeights } from '../src/engines/training/weights/testing-weights.ts';
import { FolderRunFiles } from './folder-run-files.ts';
import { serverDir } from './places.ts';
import { supervision } from './stand-in/supervision.ts';
import { type TrainingContextOptions, trainingContext } from './training-context.ts';

const STAND_IN = path.join(serverDir, 'test', 'stand-in', 'trainer-programs.mjs');
const STEPS = 20;
const SAVE_EVERY = 5;

interface Faults {
  stepMs?: number;
  ignores?: string[];
  dies?: number;
  half?: boolean;
  fullAt?: number;
  hangsAt?: number;
}

let root: string;
let files: FolderRunFiles;
let installed: TrainingProgram | null;
beforeEach(async () => {
  installed = null;
  root = await mkdtemp(path.join(os.tmpdir(), 'limner-trainers-'));
  files = new FolderRunFiles(root);
});
afterEach(async () => {
  for (const { pid } of starts()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  // A keeper may still be writing how its program ended.
  await rm(root, { recursive: true, force: true, maxRetries: 20 });
});

const at = (name: string) => path.join(root, name);

/** An executable that runs the stand-in. */
async function executable(kind: string, file: string): Promise<string> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(
    file,
    `#!/bin/sh\nexec "${process.execPath}" "${STAND_IN}" ${kind} "${at('settings.json')}" "$@"\n`,
  );
  await chmod(file, 0o755);
  return file;
}

const env = { PATH: process.env.PATH ?? '' };

const PROGRAMS: Record<string, () => Promise<TrainingProgram>> = {
  'ai-toolkit': async () => {
    await mkdir(at('program'));
    await writeFile(at('program/run.py'), '');
    const python = await executable('ai-toolkit', at('program/venv/bin/python'));
    return new AiToolkitProgram({ folder: at('program'), python, env });
  },
  mflux: async () => {
    const command = await executable('mflux', at('program/bin/mflux-train'));
    await mkdir(at('program/lib/python3.12/site-packages/mflux-0.18.0.dist-info'), { recursive: true });
    return new MfluxProgram({ command, searchPath: '', env });
  },
  kohya: async () => {
    await mkdir(at('program'));
    await writeFile(at('program/flux_train_network.py'), '');
    const python = await executable('kohya', at('program/venv/bin/python'));
    const qkv = { 'double_blocks.0.img_attn.qkv.weight': { shape: [1, 1] } };
    const decoder = { 'decoder.conv_in.weight': { shape: [1, 16, 1, 1] } };
    await writeWeights(at('models/flux1-dev.safetensors'), qkv);
    await writeWeights(at('models/clip_l.safetensors'));
    await writeWeights(at('models/t5xxl_fp16.safetensors'));
    await writeWeights(at('models/ae.safetensors'), decoder);
    return new KohyaProgram({ folder: at('program'), python, env }, [at('models')]);
  },
};

interface Told {
  steps: number[];
  losses: [step: number, loss: number][];
}

/** Each call is a Limner of its own. */
async function train(
  kind: string,
  faults: Faults = {},
  over: Partial<Supervision> = {},
  context: TrainingContextOptions = {},
): Promise<Told & { trained: Trained }> {
  const settings = { stepMs: 5, notes: at('starts.log'), hangs: at('hangs'), goOn: at('go-on'), ...faults };
  await writeFile(at('settings.json'), JSON.stringify({ ...settings, config: at('work/mflux.json') }));
  installed ??= (await PROGRAMS[kind]?.()) ?? expect.fail();
  const program = installed;
  await program.refresh?.();
  expect(program.missing()).toEqual([]);
  const told: Told = { steps: [], losses: [] };
  const ctx = await trainingContext(files, {
    ...context,
    onStep: (step, loss) => {
      told.steps.push(step);
      if (loss !== null) told.losses.push([step, loss]);
      context.onStep?.(step, loss);
    },
    onLoss: (...point) => told.losses.push(point),
  });
  const trained = await new ProgramTrainer(onItsOwn(program), await supervision(over)).run(
    jobOf(program),
    ctx,
  );
  return { ...told, trained };
}
/** On a device of this test alone, so that it waits for no other. */
const onItsOwn = (program: TrainingProgram): TrainingProgram =>
  new Proxy(program, {
    get: (of, key) => {
      if (key === 'device') return `test ${path.basename(root)}`;
      const value = Reflect.get(of, key);
      return typeof value === 'function' ? value.bind(of) : value;
    },
  });

function jobOf(program: TrainingProgram): TrainingJob {
  const standard = Object.fromEntries(program.params.map((param) => [param.key, param.default]));
  return {
    ...{ seed: 7, styleName: 'Ink', triggerWords: 'inkwash' },
    pictures: [0, 1].map(() => ({ caption: 'inkwash, a disc', subject: 'a disc' })),
    params: { ...standard, steps: STEPS, save_every: SAVE_EVERY, sample_every: 0 },
  };
}

/** Ends its try, as the worker does, at its first step from `step` on. */
function stoppedAt(step: number): TrainingContextOptions {
  const stop = new AbortController();
  return { signal: stop.signal, onStep: (reached) => reached >= step && stop.abort('cancelled') };
}

const starts = (): { pid: number; from: number }[] =>
  (existsSync(at('starts.log')) ? readFileSync(at('starts.log'), 'utf8') : '').split('\n').flatMap((line) => {
    const [, pid, from] = /^\S+ (\d+) from (\d+)$/.exec(line) ?? [];
    return pid === undefined ? [] : [{ pid: Number(pid), from: Number(from) }];
  });
const froms = () => starts().map(({ from }) => from);

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

async function failure(work: Promise<unknown>): Promise<StudioError> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof StudioError)) throw new Error(`it did not fail as it should: ${error}`);
  return error;
}

/** The bytes of its tensors are the step. */
async function stepOf({ lora }: Trained): Promise<number | undefined> {
  return (Buffer.isBuffer(lora) ? lora : Buffer.concat(await lora.toArray())).at(-1);
}

/** Two or three processes begin in each. */
describe.each(Object.keys(PROGRAMS))('%s', { timeout: 150_000 }, (kind) => {
  it('ends with the LoRA of its last step, the LoRAs before and its losses', async () => {
    const { steps, losses, trained } = await train(kind);
    expect(await stepOf(trained)).toBe(STEPS);
    expect(steps.at(-1)).toBe(STEPS);
    expect([...files.loras.keys()]).toEqual([5, 10, 15]);
    expect(losses.length).toBeGreaterThan(1);
    for (const [step, loss] of losses) expect(loss).toBeCloseTo(1 / step, 2);
    expect(losses.at(-1)?.[0]).toBe(STEPS);
    expect(froms()).toEqual([0]);
  });

  it('that ignores SIGINT and SIGTERM is ended where it is cancelled, and goes on from its last save', async () => {
    const ignores = ['SIGINT', 'SIGTERM'];
    await expect(train(kind, { ignores, hangsAt: 14 }, {}, stoppedAt(12))).rejects.toBe('cancelled');
    expect(starts().filter(({ pid }) => isAlive(pid))).toEqual([]);
    const { trained } = await train(kind);
    expect(await stepOf(trained)).toBe(STEPS);
    expect(froms()).toEqual([0, 10]);
  });

  it('that ends by SIGINT has not succeeded, whatever its exit code is', async () => {
    await expect(train(kind, { hangsAt: 9 }, {}, stoppedAt(7))).rejects.toBe('cancelled');
    expect(starts().filter(({ pid }) => isAlive(pid))).toEqual([]);
    const { trained } = await train(kind);
    expect(await stepOf(trained)).toBe(STEPS);
    expect(froms()).toEqual([0, 5]);
  });

  it('that dies without a word while it saves goes on from its last whole file', async () => {
    const faults = { dies: 13, half: true };
    const error = await failure(train(kind, faults));
    expect(error).toMatchObject({ code: 'trainer_failed', data: { kind: 'killed', step: 10 } });
    const { steps, trained } = await train(kind, faults);
    expect(await stepOf(trained)).toBe(STEPS);
    expect(froms()).toEqual([0, 10]);
    expect(steps[0]).toBeGreaterThan(10);
  });

  it('says that the disk was full, and can go on', async () => {
    const error = await failure(train(kind, { fullAt: 15 }));
    expect(error).toMatchObject({ data: { kind: 'disk', step: 10 }, again: false });
    const { trained } = await train(kind);
    expect(await stepOf(trained)).toBe(STEPS);
    expect(froms()).toEqual([0, 10]);
  });

  it('that says nothing for an hour is left alone', async () => {
    let minutes = 0;
    const wait = async (ms: number, signal?: AbortSignal) => {
      if (!existsSync(at('hangs')) || minutes >= 60) return void (await pause(ms, undefined, { signal }));
      minutes += 1;
      await pause(1);
      if (minutes === 60) await writeFile(at('go-on'), '');
    };
    const { trained } = await train(kind, { hangsAt: 8 }, { wait });
    expect(minutes).toBe(60);
    expect(await stepOf(trained)).toBe(STEPS);
    expect(froms()).toEqual([0]);
  });
});

it('the launcher of sd-scripts tells that its program was killed, though its own exit code is 1', () => {
  const said =
    "subprocess.CalledProcessError: Command '['/sd-scripts/venv/bin/python', 'flux_train_network.py']' died with <Signals.SIGKILL: 9>.";
  expect(failureOf({ code: 1, signal: null }, ['INFO     model saved.', said])).toMatchObject({
    kind: 'killed',
  });
});
