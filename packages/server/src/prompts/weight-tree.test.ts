import { expect, it } from 'vitest';
import { randomStream } from './random-stream.ts';
import { WeightTree } from './weight-tree.ts';

const counted = (seed: string) => {
  const random = randomStream(seed);
  const stream = () => {
    stream.calls += 1;
    return random();
  };
  stream.calls = 0;
  return stream;
};

it('takes none twice and nothing without weight, and is as before afterwards', () => {
  const tree = new WeightTree([0, 0.1, 3, 0, 1e9, 0.2, 0]);
  for (let seed = 0; seed < 100; seed += 1) {
    const first = tree.take(9, randomStream(`${seed}`));
    expect(first.toSorted()).toEqual([1, 2, 4, 5]);
    expect(tree.take(9, randomStream(`${seed}`))).toEqual(first);
  }
});

it('takes each first by its part of all weights, and the next by its part of what is left', () => {
  const tree = new WeightTree([1, 2, 5]);
  const times = new Map<string, number>();
  const random = randomStream('weights');
  const DRAWS = 40_000;
  for (let draw = 0; draw < DRAWS; draw += 1) {
    const taken = tree.take(2, random).join();
    times.set(taken, (times.get(taken) ?? 0) + 1);
  }
  const expected = { '0,1': (1 / 8) * (2 / 7), '1,2': (2 / 8) * (5 / 6), '2,1': (5 / 8) * (2 / 3) };
  for (const [taken, part] of Object.entries(expected))
    expect((times.get(taken) ?? 0) / DRAWS).toBeCloseTo(part, 2);
});

it('needs one random number for each that it takes, however many there are', () => {
  const tree = new WeightTree(Array.from({ length: 200_000 }, (_, at) => 1 + (at % 7)));
  const random = counted('many');
  expect(new Set(tree.take(20, random)).size).toBe(20);
  expect(random.calls).toBe(20);
});

it('is empty without weights', () => {
  expect(new WeightTree([]).take(3, randomStream('none'))).toEqual([]);
});
