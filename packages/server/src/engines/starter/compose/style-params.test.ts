import { describe, expect, it } from 'vitest';
import { type ComposeJob, compose } from './compose.ts';

const SIDE = { width: 64, height: 64 };
const factsOf = async (prompt: string, seed: number, over: Partial<ComposeJob> = {}) => {
  const { details } = await compose({ prompt, seed, ...SIDE, ...over });
  const mapping = details.mapping as { icon: string }[];
  const { library, style } = details;
  return { library, style, sets: mapping.map(({ icon }) => icon.split(':')[0]) };
};
const SEEDS = [11, 12, 13, 14, 15, 16];

describe('one look', () => {
  it.each([
    'health potion',
    'a red dragon',
    'knight and dragon',
    'sword and shield, watercolour',
    'flat castle',
    'neon cat and dog',
    '一把剑和三枚金币',
  ])('is one set over a batch of "%s"', async (prompt) => {
    const sets = new Set<string | undefined>();
    for (const seed of SEEDS) for (const set of (await factsOf(prompt, seed)).sets) sets.add(set);
    expect([...sets]).toHaveLength(1);
  });

  it.each(['game', 'glossy', 'flat', 'noto'] as const)(
    'is the asked one, %s, for every prompt of a set of items',
    async (library) => {
      for (const prompt of ['dragon', 'key', 'crown', 'fire', 'bow', 'mushroom'])
        expect([prompt, (await factsOf(prompt, 11, { library })).sets]).toEqual([prompt, [library]]);
    },
  );

  it('is not asked for where the sets are mixed', async () => {
    const sets = new Set<string | undefined>();
    for (const seed of SEEDS)
      for (const set of (await factsOf('dragon', seed, { library: 'mixed' })).sets) sets.add(set);
    expect(sets.size).toBeGreaterThan(1);
  });

  it('takes another set for what the asked one does not have, and says which', async () => {
    const { sets, library } = await factsOf('goblin', 1, { library: 'flat' });
    expect(library).toBe('flat');
    expect(sets[0]).not.toBe('flat');
  });

  it('has the finish that was asked for beside the prompt', async () => {
    expect((await factsOf('pixel art dragon', 1, { treatment: 'outline' })).style).toBe('outline');
    expect((await factsOf('pixel art dragon', 1, { treatment: 'plain' })).style).toBeNull();
    expect((await factsOf('pixel art dragon', 1, { treatment: 'auto' })).style).toBe('pixel');
  });
});
