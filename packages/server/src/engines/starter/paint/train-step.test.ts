import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MODELS_DIR } from '../../embedded/job-testing.ts';
import { firstAdapter, LORA_VALUES, scaledAdapter } from './lora.ts';
import { CANVAS_PX, PaintModel } from './model.ts';
import { SeededNoise } from './noise.ts';
import { LoraTrainer, type TrainingExample } from './train-step.ts';

let model: PaintModel;
let pool: TrainingExample[];
const trainers: LoraTrainer[] = [];

const trainer = async (seed = 5) => {
  const opened = await LoraTrainer.open(MODELS_DIR, seed);
  trainers.push(opened);
  return opened;
};

const disc = async (colour: string, ring: string) => {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${CANVAS_PX}" height="${CANVAS_PX}"><circle cx="64" cy="64" r="46" fill="${colour}" stroke="${ring}" stroke-width="12"/></svg>`;
  return model.encode(await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer());
};

beforeAll(async () => {
  model = await PaintModel.open(MODELS_DIR);
  const caption = await model.caption('a ball');
  pool = [
    { latent: await disc('#30c060', '#102040'), caption, reference: null },
    { latent: await disc('#3060c0', '#102040'), caption, reference: await disc('#c03030', '#ffffff') },
  ];
});

afterAll(() => Promise.all(trainers.map((each) => each.close())));

describe('training an adapter', () => {
  it('learns: the loss falls', async () => {
    const own = await trainer();
    const losses: number[] = [];
    for (let step = 0; step < 10; step++)
      losses.push(await own.step(pool, { learningRate: 3e-3, times: [0.3, 0.01] }));
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-3))).toBeLessThan(mean(losses.slice(0, 3)) * 0.95);
    expect(own.base).toBe(model.base);
  });

  it('goes on after a stop as if there had been none', async () => {
    const [whole, first, second] = [await trainer(), await trainer(), await trainer(99)];
    for (let step = 0; step < 3; step++) await whole.step(pool, { learningRate: 1e-3 });
    await first.step(pool, { learningRate: 1e-3 });
    second.restore(structuredClone(first.state()));
    for (let step = 0; step < 2; step++) await second.step(pool, { learningRate: 1e-3 });
    expect(second.adapter()).toEqual(whole.adapter());
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
