/** How a trainer's program is supervised, with a stand-in that misbehaves as the real ones do. */
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { StudioError } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileBody } from '../src/engines/run-files.ts';
import { KeptProcess } from '../src/engines/training/program/kept-process.ts';
import { startsOn } from '../src/engines/training/program/processes.ts';
import { ProgramTrainer, type Supervision } from '../src/engines/training/program/program-trainer.ts';
import { StartFolder } from '../src/engines/training/program/start-folder.ts';
import type { Trained, TrainingJob } from '../src/engines/training/trainer.ts';
import { FolderRunFiles } from './folder-run-files.ts';
import { readStarts, type StandInOptions, StandInProgram } from './stand-in/stand-in-program.ts';
import { supervision } from './stand-in/supervision.ts';
import { type TrainingContextOptions, trainingContext } from './training-context.ts';

const STEPS = 20;

let root: string;
let files: FolderRunFiles;
let work: string;
let ticket: string | null;
let device: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(os.tmpdir(), 'limner-program-'));
  files = new FolderRunFiles(root);
  work = await files.workDir();
  ticket = null;
  device = `test ${path.basename(root)}`;
});
afterEach(async () => {
  for (const pid of [...started().map((each) => each.pid), ...children()]) kill(pid);
  // A keeper may still be writing how its program ended.
  await rm(root, { recursive: true, force: true, maxRetries: 20 });
});

const job = (): TrainingJob => ({
  seed: 7,
  styleName: 'Ink',
  triggerWords: 'inkwash',
  pictures: [0, 1].map(() => ({ caption: 'inkwash, a disc', subject: 'a disc' })),
  params: { steps: STEPS },
});

interface Told {
  steps: number[];
  losses: (number | null)[];
  phases: string[];
  samples: string[];
}

/** Each call is a Limner of its own. */
async function train(
  options: StandInOptions = {},
  over: Partial<Supervision> = {},
  context: TrainingContextOptions = {},
): Promise<Told & { trained: Trained }> {
  const told: Told = { steps: [], losses: [], phases: [], samples: [] };
  const trainer = new ProgramTrainer(new StandInProgram({ device, ...options }), await supervision(over));
  const ctx = await trainingContext(files, {
    ticket,
    onTicket: (next) => {
      ticket = next;
    },
    onPhase: (phase) => told.phases.push(phase),
    onSample: (_, mediaType) => told.samples.push(mediaType),
    ...context,
    onStep: (step, loss) => {
      told.steps.push(step);
      told.losses.push(loss);
      context.onStep?.(step, loss);
    },
  });
  return { ...told, trained: await trainer.run(job(), ctx) };
}

/** Ends its try, as the worker does, at its first step from `at` on. */
function stoppedBy(reason: unknown, at: number): TrainingContextOptions {
  const stop = new AbortController();
  return { signal: stop.signal, onStep: (step) => step >= at && stop.abort(reason) };
}

async function failure(work: Promise<unknown>): Promise<StudioError> {
  const error = await work.then(
    () => null,
    (caught: unknown) => caught,
  );
  if (!(error instanceof StudioError)) throw new Error(`it did not fail as it should: ${error}`);
  return error;
}

const sleepSync = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

const linesOf = (name: string): string[] => {
  const file = path.join(work, name);
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};
const started = () => readStarts(path.join(work, 'starts.log'));
const stages = () => started().map(({ stage, from }) => `${stage} ${from}`);
const children = () => linesOf('children.log').map(Number);

function isAlive(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended.
  }
}
const left = () => [...started().map(({ pid }) => pid), ...children()].filter(isAlive);

async function bytesOf(body: FileBody): Promise<Buffer> {
  return Buffer.isBuffer(body) ? body : Buffer.concat(await body.toArray());
}

describe('a program', () => {
  it('caches, trains, and leaves a LoRA; its steps and losses are read from its bar', async () => {
    const { steps, losses, phases, trained } = await train();
    expect(stages()).toEqual(['cache 0', 'train 0']);
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b));
    expect(steps.at(-1)).toBe(STEPS);
    expect(losses[0]).toBeCloseTo(1 / (steps[0] ?? 1), 3);
    expect(phases).toEqual(['preparing', 'caching', 'preparing', 'saving']);
    expect((await bytesOf(trained.lora)).length).toBeGreaterThan(1_000);
    expect(left()).toEqual([]);
  });

  it('offers the LoRAs of its earlier steps, also where it is stopped before they were seen', async () => {
    await train();
    expect([...files.loras.keys()]).toEqual([5, 10, 15]);
    expect(files.loras.get(10)?.length).toBeGreaterThan(1_000);
    files.loras.clear();
    await rm(work, { recursive: true });
    await files.workDir();
    await expect(train({}, {}, stoppedBy(new Error('cancelled'), 12))).rejects.toThrow('cancelled');
    expect([...files.loras.keys()]).toEqual(expect.arrayContaining([5, 10]));
  });

  it('gets upright RGB pictures and captions; transparency is laid over white, and the log says so', async () => {
    const upright = sharp({ create: { width: 40, height: 20, channels: 3, background: 'red' } });
    const turned = await upright.withMetadata({ orientation: 6 }).jpeg().toBuffer();
    const create = {
      width: 10,
      height: 10,
      channels: 4,
      background: { r: 0, g: 0, b: 0, alpha: 0.5 },
    } as const;
    const clear = await sharp({ create }).png().toBuffer();
    const picture = (bytes: Buffer) => ({
      ...{ sha256: '', mediaType: 'image/png', width: 40, height: 40 },
      read: async () => bytes,
    });
    await train({}, {}, { openPicture: async (index) => picture(index === 0 ? turned : clear) });
    const [first, second] = await Promise.all(
      ['0001.png', '0002.png'].map((name) => sharp(path.join(work, 'pictures', name)).metadata()),
    );
    expect(first).toMatchObject({ width: 20, height: 40, channels: 3 });
    expect(first?.orientation).toBeUndefined();
    expect(second).toMatchObject({ width: 10, height: 10, channels: 3 });
    const { data } = await sharp(path.join(work, 'pictures', '0002.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect(data[0]).toBeGreaterThan(120);
    expect(await readFile(path.join(work, 'pictures', '0001.txt'), 'utf8')).toBe('inkwash, a disc');
    expect(linesOf('process.log').join('\n')).toContain('white / 透明部分已铺白底: 0002.png');
  });

  it('goes on while Limner restarts, and the next process takes it over with all its steps', async () => {
    const options = { stepMs: 60 };
    await expect(train(options, {}, stoppedBy('stopping', 3))).rejects.toBe('stopping');
    expect(left()).toHaveLength(1);
    const { steps } = await train(options);
    expect(stages()).toEqual(['cache 0', 'train 0']);
    expect(steps[0]).toBeLessThanOrEqual(files.step + 2);
    expect(steps.at(-1)).toBe(STEPS);
    expect(left()).toEqual([]);
  });

  it('that saved its state while Limner stopped has the steps before it told by the next process', async () => {
    const state = path.join(work, 'output', 'style-step00000005-state', 'state.json');
    const stop = new AbortController();
    const read: number[] = [];
    const onStep = (step: number) => {
      read.push(step);
      for (const late = Date.now() + 20_000; !existsSync(state) && Date.now() < late; ) sleepSync(10);
      stop.abort('stopping');
    };
    await expect(train({ stepMs: 30 }, {}, { signal: stop.signal, onStep })).rejects.toBe('stopping');
    expect([files.step, read.at(-1) ?? 0]).toEqual([5, expect.toSatisfy((step) => step < 5)]);
    const { steps } = await train({ stepMs: 30 });
    expect([...read, ...steps]).toEqual(Array.from({ length: STEPS }, (_, index) => index + 1));
  });

  it('that ended while Limner was away is not run again', async () => {
    const options = { stepMs: 20 };
    await expect(train(options, {}, stoppedBy('stopping', 3))).rejects.toBe('stopping');
    await expect.poll(left).toEqual([]);
    const { steps } = await train(options);
    expect(stages()).toEqual(['cache 0', 'train 0']);
    expect(steps.at(-1)).toBe(STEPS);
  });

  it('ends with its children where it ignores SIGINT and SIGTERM, also those that left its group', async () => {
    const faults = {
      ignores: ['SIGINT', 'SIGTERM'] as NodeJS.Signals[],
      child: true,
      childLeavesGroup: true,
    };
    await expect(train({ stepMs: 60, faults }, {}, stoppedBy('cancelled', 3))).rejects.toBe('cancelled');
    expect(children()).toHaveLength(2);
    expect(left()).toEqual([]);
    expect(ticket).toBeNull();
  });

  it('leaves no children that outlive it', async () => {
    await train({ faults: { child: true } });
    expect(children()).toHaveLength(2);
    expect(left()).toEqual([]);
  });

  it('that is stopped goes on from its newest state, and what was finished before is not done again', async () => {
    await expect(train({ stepMs: 60 }, {}, stoppedBy('cancelled', 7))).rejects.toBe('cancelled');
    const { steps } = await train();
    const [, , again] = started();
    expect(stages()).toEqual(['cache 0', 'train 0', `train ${again?.from}`]);
    expect(again?.from).toBeGreaterThan(0);
    expect(steps[0]).toBeGreaterThan(again?.from ?? 0);
    expect(steps.at(-1)).toBe(STEPS);
  });

  it('falls back to the state before where the newest is broken', async () => {
    await expect(train({ stepMs: 60 }, {}, stoppedBy('cancelled', 12))).rejects.toBe('cancelled');
    const states = (await readdir(path.join(work, 'output')))
      .filter((name) => name.endsWith('-state'))
      .sort();
    await writeFile(path.join(work, 'output', states.at(-1) ?? '', 'state.json'), '{"step":');
    await train();
    const froms = started().map(({ from }) => from);
    expect(froms.at(-1)).toBe(5 * (states.length - 1));
  });

  it('that dies silently fails its try with what to do, and the next goes on from its last state', async () => {
    const options: StandInOptions = { faults: { failsAt: { step: 12, signal: 'SIGKILL', once: true } } };
    const error = await failure(train(options));
    expect(error).toMatchObject({ code: 'trainer_failed', data: { kind: 'killed', step: 10 } });
    await train(options);
    expect(stages()).toEqual(['cache 0', 'train 0', 'train 10']);
  });

  it.each([
    ['memory', { lines: ['torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB'] }, false],
    [
      'access',
      { lines: ['OSError: 403 Client Error. Cannot access gated repo hf_abcdefghijklmnopqrstu'] },
      false,
    ],
    ['file', { lines: ["FileNotFoundError: [Errno 2] No such file or directory: 'x.safetensors'"] }, false],
    ['disk', { lines: ['OSError: [Errno 28] No space left on device'] }, false],
    [
      'config',
      { lines: ['usage: train.py', 'train.py: error: unrecognized arguments: --x'], code: 2 },
      false,
    ],
    ['network', { lines: ['requests.exceptions.ConnectionError: Max retries exceeded'] }, true],
    ['ended', { lines: ['bye'], code: 3 }, true],
  ] as const)('fails for want of %s by its own words, in both languages', async (kind, failing, again) => {
    const lines = [...failing.lines, 'subprocess.CalledProcessError: returned non-zero exit status 1.'];
    const error = await failure(train({ faults: { failsAt: { ...failing, lines, step: 3 } } }));
    expect(error).toMatchObject({ code: 'trainer_failed', data: { kind }, again });
    expect(error.body('en').message).toContain(failing.lines.at(-1)?.slice(0, 20));
    expect(error.body('en').message).not.toContain('hf_abc');
    expect(error.body('zh').message).toMatch(/替身.*。/);
    // It has no checkpoint.
    expect(error.body('en').message).not.toContain('resume');
    expect(error.body('zh').message).not.toContain('继续训练');
    expect(ticket).toBeNull();
  });

  it('whose caching fails says why, and caches again on the next try', async () => {
    const error = await failure(train({ faults: { cacheFails: { lines: ['ValueError: bad picture'] } } }));
    expect(error.data).toMatchObject({ kind: 'config', line: 'ValueError: bad picture' });
    await train();
    expect(stages()).toEqual(['cache 0', 'cache 0', 'train 0']);
  });

  it.each([{ noResult: true }, { partialResult: true }])(
    'that ends without a whole LoRA fails: %j',
    async (faults) => {
      const error = await failure(train({ faults }));
      expect(error).toMatchObject({ code: 'trainer_failed', data: { kind: 'no_result' }, again: false });
    },
  );

  it('that is not installed says so', async () => {
    const program = new StandInProgram({ device });
    const stages = program.stages.bind(program);
    program.stages = (of) => stages(of).map((stage) => ({ ...stage, command: '/nowhere/python' }));
    const trainer = new ProgramTrainer(program, await supervision());
    const error = await failure(trainer.run(job(), await trainingContext(files)));
    expect(error.data).toMatchObject({ kind: 'package', line: 'ENOENT' });
  });

  it('that made its LoRA and then failed has succeeded', async () => {
    expect((await train({ faults: { endsWith: 1 } })).steps.at(-1)).toBe(STEPS);
  });

  it('whose bar skips steps has them told as it shows them', async () => {
    const { steps } = await train({ faults: { skipsSteps: 7 } });
    expect(steps.filter((step) => step % 7 !== 0 && step !== STEPS)).toEqual([]);
    expect(steps.at(-1)).toBe(STEPS);
  });

  it('is stopped before the disk is full, and can go on when there is space', async () => {
    let free = 10_000;
    const disk = { minFreeBytes: 5_000, freeBytes: async () => free };
    const onStep = (step: number) => {
      if (step >= 6) free = 100;
    };
    const error = await failure(train({ stepMs: 60 }, disk, { onStep }));
    expect(error).toMatchObject({ code: 'trainer_failed', data: { kind: 'disk', step: 5 }, again: false });
    expect(error.body('en').message).toContain('Free some space, then resume the training.');
    expect(error.message).toMatch(
      /only 0 MB of the disk are free, and 0 MB are kept free \(TRAIN_MIN_FREE_MB\)/,
    );
    expect(left()).toEqual([]);
    expect(await failure(train({}, disk))).toMatchObject({ data: { kind: 'disk' } });
    expect(stages()).toEqual(['cache 0', 'train 0']);
    free = 10_000;
    await train({}, disk);
    expect(started().at(-1)?.from).toBeGreaterThan(0);
  });

  it('that says nothing for hours is left alone, and shows no sign of life meanwhile', async () => {
    let hours = 0;
    let signs = 0;
    let signsIn = 0;
    const wait = async (ms: number, signal?: AbortSignal) => {
      // Once it hangs, each wait is a minute, until three hours have passed.
      if (!existsSync(path.join(work, 'hangs')) || hours >= 3)
        return void (await pause(ms, undefined, { signal }));
      if (hours === 0) signsIn = signs;
      hours += 1 / 60;
      await pause(1);
      if (hours < 3) return;
      expect(signs - signsIn).toBeLessThanOrEqual(1);
      await writeFile(path.join(work, 'go-on'), '');
    };
    const onAlive = () => {
      signs += 1;
    };
    const { steps } = await train({ faults: { hangsAt: 8 } }, { wait }, { onAlive });
    expect(hours).toBeGreaterThanOrEqual(3);
    expect(steps.at(-1)).toBe(STEPS);
    expect(stages()).toEqual(['cache 0', 'train 0']);
  });

  it('shows the newest picture that it painted', async () => {
    const create = { width: 8, height: 8, channels: 3, background: 'blue' } as const;
    const sample = await sharp({ create }).png().toBuffer();
    const { samples } = await train({ sample, stepMs: 60 });
    expect(new Set(samples)).toEqual(new Set(['image/webp']));
  });

  it('waits while another has its device', async () => {
    const other = new FolderRunFiles(path.join(root, 'other'));
    const stop = new AbortController();
    const program = new StandInProgram({ device, stepMs: 10_000 });
    const trainer = new ProgramTrainer(program, await supervision());
    const busy = trainer.run(job(), await trainingContext(other, { signal: stop.signal }));
    const starts = path.join(await other.workDir(), 'starts.log');
    await expect.poll(() => existsSync(starts) && readFileSync(starts, 'utf8')).toContain('train');
    const waiting = train();
    await pause(500);
    expect(started()).toEqual([]);
    stop.abort('cancelled');
    await expect(busy).rejects.toBe('cancelled');
    await waiting;
    expect(stages()).toEqual(['cache 0', 'train 0']);
  });

  it.skipIf(process.platform !== 'linux')(
    'shares its device with none that begins at the same moment',
    async () => {
      let most = 0;
      const looking = setInterval(() => {
        most = Math.max(most, startsOn(device).size);
      }, 5);
      const runs = [1, 2, 3, 4].map(async (each) => {
        const trainer = new ProgramTrainer(new StandInProgram({ device, stepMs: 10 }), await supervision());
        return trainer.run(
          job(),
          await trainingContext(new FolderRunFiles(path.join(root, `run ${each}`)), {}),
        );
      });
      await Promise.all(runs).finally(() => clearInterval(looking));
      expect(most).toBe(1);
    },
  );

  it('that an earlier process left is stopped by its ticket alone', async () => {
    await expect(train({ stepMs: 5_000 }, {}, stoppedBy('stopping', 1))).rejects.toBe('stopping');
    expect(left()).toHaveLength(1);
    const trainer = new ProgramTrainer(new StandInProgram({ device }), await supervision());
    trainer.abandon(ticket ?? '');
    trainer.abandon('{}');
    await trainer.close();
    await expect.poll(left).toEqual([]);
  });
});

describe('a start whose keeper comes late', () => {
  it('starts nothing once it was looked for', async () => {
    const { keeperEntry, env } = await supervision();
    const start = new StartFolder(path.join(root, 'start'));
    const cwd = root;
    const args = ['-e', `require('fs').writeFileSync(${JSON.stringify(path.join(root, 'ran'))}, '')`];
    const graces = { intMs: 100, termMs: 100 };
    await start.writeOrder({ command: process.execPath, args, cwd, mark: 'late', graces });
    expect(await KeptProcess.find(start)).toBeNull();
    await expect(KeptProcess.begin({ keeperEntry, start, folder: root, env })).rejects.toThrow('keeper');
    expect(existsSync(path.join(root, 'ran'))).toBe(false);
    expect(await KeptProcess.find(start)).toBeNull();
  });

  it('is found where the keeper was faster, and its exit is known to whoever comes later', async () => {
    const { keeperEntry, env } = await supervision();
    const start = new StartFolder(path.join(root, 'start'));
    const graces = { intMs: 100, termMs: 100 };
    await start.writeOrder({
      command: process.execPath,
      args: ['-e', 'process.exit(5)'],
      cwd: root,
      mark: 'm',
      graces,
    });
    await KeptProcess.begin({ keeperEntry, start, folder: root, env });
    const found = await KeptProcess.find(start);
    await expect.poll(() => found?.isAlive()).toBe(false);
    expect(await found?.exit()).toEqual({ code: 5, signal: null });
  });
});
