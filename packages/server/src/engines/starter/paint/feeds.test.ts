import { describe, expect, it } from 'vitest';
import { type Caption, Feeds, HINT_KINDS, type Hint, TEXT_WIDTH, TOKENS } from './feeds.ts';
import { LATENT_VALUES } from './latent.ts';

const caption: Caption = {
  values: new Float32Array(TOKENS * TEXT_WIDTH),
  present: new Float32Array(TOKENS).fill(1),
};
const hint = (over: Partial<Hint> = {}): Hint => ({
  kind: 'edges',
  values: new Float32Array(LATENT_VALUES).fill(0.5),
  strength: 1,
  from: 0,
  to: 1,
  ...over,
});
const EDGES = HINT_KINDS.indexOf('edges');

async function flags(given: Hint, progress: number): Promise<[asked: number, without: number]> {
  const feeds = await Feeds.of({ captions: [caption, caption], styleId: 0, hints: [given], lora: null });
  const { data } = feeds.at(new Float32Array(LATENT_VALUES), 1, progress).flags as { data: Float32Array };
  return [data[EDGES] as number, data[HINT_KINDS.length + EDGES] as number];
}

describe('a hint', () => {
  it('counts as much as its strength says, on both sides of guidance', async () => {
    expect(await flags(hint({ strength: 0.5 }), 0)).toEqual([0.5, 0.5]);
    expect(await flags(hint(), 0)).toEqual([1, 1]);
  });

  it('beyond full strength is taken from what it is compared with', async () => {
    expect(await flags(hint({ strength: 1.5 }), 0)).toEqual([1, 0.5]);
    expect(await flags(hint({ strength: 2 }), 0)).toEqual([1, 0]);
  });

  it('counts only within its range of the steps', async () => {
    const late = hint({ from: 0.25, to: 0.75 });
    expect(await Promise.all([0, 0.25, 0.5, 0.75].map((progress) => flags(late, progress)))).toEqual([
      [0, 0],
      [1, 1],
      [1, 1],
      [0, 0],
    ]);
  });
});
