import { describe, expect, it } from 'vitest';
import type { JobContext } from '../../embedded/job.ts';
import type { TrainerState } from '../../starter/paint/train-step.ts';
import { readCheckpoint } from '../../starter/style-file.ts';
import { type StepNews, type Steps, takeSteps } from './steps.ts';

/** Counts its steps in its adapter. */
class Counting implements Steps {
  readonly base: string;
  readonly rates: number[] = [];
  #state: TrainerState = {
    adapter: Float32Array.of(0),
    m1: Float32Array.of(0),
    m2: Float32Array.of(0),
    step: 0,
    random: 1,
  };

  constructor(base = 'these weights') {
    this.base = base;
  }

  async step(_pool: unknown, { learningRate }: { learningRate: number }): Promise<number> {
    this.rates.push(learningRate);
    this.#state = { ...this.#state, step: this.#state.step + 1 };
    return 1 / this.#state.step;
  }

  state(): TrainerState {
    return this.#state;
  }

  restore(state: TrainerState): void {
    this.#state = state;
  }
}

const lastOf = ({ taken }: StepNews) => taken.at(-1)?.[0] ?? 0;

function taking(trainer: Counting, steps: number, checkpoint: Uint8Array | null = null, stopAt = 0) {
  const stop = new AbortController();
  const news: StepNews[] = [];
  const samples: number[] = [];
  const ctx: JobContext = {
    signal: stop.signal,
    progress: () => {},
    preview: () => {},
    sendNews: (message) => {
      const each = message as StepNews;
      news.push(each);
      if (lastOf(each) === stopAt) stop.abort(new Error('stopped'));
    },
  };
  const params = { lora_rank: 8, learning_rate: 1, steps };
  const onSample = async () => void samples.push(trainer.state().step);
  const done = takeSteps(trainer, { pool: [], params, checkpoint, onSample }, ctx);
  const due = () => news.filter(({ isDue }) => isDue).map(lastOf);
  const taken = () => news.flatMap((each) => each.taken.map(([step]) => step));
  return { done, news, samples, due, taken };
}

describe('the steps of a training', () => {
  it('are reported with the state after them, which is stored every 25 and at the end; samples are painted every 50 but the last', async () => {
    const run = taking(new Counting(), 110);
    await run.done;
    expect(run.taken()).toEqual(Array.from({ length: 110 }, (_, index) => index + 1));
    for (const each of run.news)
      expect(readCheckpoint(each.checkpoint, 'these weights')?.step).toBe(lastOf(each));
    expect(run.due()).toEqual([25, 50, 75, 100, 110]);
    expect(run.samples).toEqual([50, 100]);
  });

  it('warm up, then learn ever more slowly', async () => {
    const trainer = new Counting();
    await taking(trainer, 100).done;
    expect(trainer.rates[0]).toBeCloseTo(0.1, 2);
    expect(Math.max(...trainer.rates)).toBe(trainer.rates[9]);
    expect(trainer.rates.at(-1)).toBeCloseTo(0.1);
  });

  it('that are stopped go on from the state that came with the last', async () => {
    const stopped = taking(new Counting(), 40, null, 25);
    await expect(stopped.done).rejects.toThrow('stopped');
    expect(stopped.taken().at(-1)).toBe(25);
    const rest = taking(new Counting(), 40, stopped.news.at(-1)?.checkpoint);
    await rest.done;
    expect(rest.taken()[0]).toBe(26);
  });

  it('start again with other weights, and with a damaged checkpoint', async () => {
    const first = taking(new Counting('older weights'), 2);
    await first.done;
    const checkpoint = first.news.at(-1)?.checkpoint ?? null;
    for (const useless of [checkpoint, Buffer.from('torn')]) {
      const run = taking(new Counting(), 3, useless);
      await run.done;
      expect(run.taken()[0]).toBe(1);
    }
  });

  it('are all done where the checkpoint is that of the last', async () => {
    const first = taking(new Counting(), 4);
    await first.done;
    const again = taking(new Counting(), 4, first.news.at(-1)?.checkpoint);
    await again.done;
    expect(again.news).toEqual([]);
  });
});
