import { expect, it } from 'vitest';
import { Flusher } from './flusher.ts';

it('shares the next flush among all who ask while one is under way', async () => {
  const begun: (() => void)[] = [];
  const flusher = new Flusher(() => new Promise((resolve) => begun.push(resolve)));
  const told: string[] = [];
  const ask = (name: string) => flusher.flush().then(() => told.push(name));
  ask('first');
  await expect.poll(() => begun.length).toBe(1);
  ask('second');
  ask('third');
  begun[0]?.();
  await expect.poll(() => begun.length).toBe(2);
  expect(told).toEqual(['first']);
  begun[1]?.();
  await expect.poll(() => told).toEqual(['first', 'second', 'third']);
  expect(begun).toHaveLength(2);
});

it('tells a failure to those who waited for it, and goes on', async () => {
  let broken = true;
  const flusher = new Flusher(async () => {
    if (broken) throw new Error('I/O error');
  });
  await expect(flusher.flush()).rejects.toThrow('I/O error');
  broken = false;
  await expect(flusher.flush()).resolves.toBeUndefined();
});
