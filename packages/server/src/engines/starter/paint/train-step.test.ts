import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODELS_DIR } from '../../embedded/job-testing.ts';
import { firstAdapter, LORA_VALUES, scaledAdapter } from './lora.ts';
import { CANVAS_PX, PaintModel } from './model.ts';
import { SeededNoise } from './noise.ts';
import { LoraTrainer, type TrainingExample } from './train-step.ts';

let model: PaintModel;
let trainer: LoraTrainer;
let pool: TrainingExample[];

const disc = async (colour: string, ring: string) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${CANVAS_PX}" height="${CANVAS_PX}"><circle cx="64" cy="64" r="46" fill="${colour}" stroke="${ring}" stroke-width="12"/></svg>`;
  return model.encode(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
};

beforeAll(async () => {
  model = await PaintModel.open(MODELS_DIR);
  trainer = await LoraTrainer.open(MODELS_DIR, 5);
  const caption = await model.caption('a ball');
  pool = [
    { latent: await disc('#30c060', '#102040'), caption, reference: null },
    { latent: await disc('#3060c0', '#102040'), caption, reference: await disc('#c03030', '#ffffff') },
  ];
});

afterAll(() => trainer.close());

describe('training an adapter', () => {
  it('goes on after a stop as if there had been none', async () => {
    const steps = async (count: number) => {
      for (let step = 0; step < count; step++) await trainer.step(pool, { learningRate: 1e-3 });
    };
    const first = trainer.state();
    await steps(3);
    const whole = trainer.adapter();
    trainer.restore(first);
    await steps(1);
    const stopped = structuredClone(trainer.state());
    await steps(1);
    trainer.restore(stopped);
    await steps(2);
    expect(trainer.adapter()).toEqual(whole);
  });

  it('learns: the loss falls', async () => {
    const losses: number[] = [];
    for (let step = 0; step < 7; step++)
      losses.push(await trainer.step(pool, { learningRate: 3e-3, times: [0.3, 0.01] }));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-2))).toBeLessThan(mean(losses.slice(0, 2)));
    expect(trainer.base).toBe(model.base);
  });
});

describe('an adapter', () => {
  it('changes nothing before it has learnt anything, nor at strength 0', async () => {
    const untrained = firstAdapter(new SeededNoise(1));
    const any = new SeededNoise(2).gaussian(LORA_VALUES).map((value) => value * 0.05);
    const none = await sampled(null);
    expect(farthest(await sampled(untrained), none)).toBeLessThan(1e-4);
    expect(farthest(await sampled(scaledAdapter(any, 0)), none)).toBeLessThan(1e-4);
    expect(farthest(await sampled(any), none)).toBeGreaterThan(0.05);
  });
});

const sampled = (lora: Float32Array | null) =>
  model.sample({
    prompt: 'a ball',
    style: 'any',
    seed: 3,
    steps: 2,
    guidance: 1,
    start: new Float32Array(1024),
    denoise: 1,
    hints: [],
    lora,
    signal: new AbortController().signal,
    onStep: () => {},
  });

const farthest = (a: Float32Array, b: Float32Array) =>
  Math.max(...a.map((value, i) => Math.abs(value - (b[i] as number))));
