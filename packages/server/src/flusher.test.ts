import { expect, it } from 'vitest';
import { Flusher } from './flusher.ts';

it('shares the next flush among all callers during a flush', async () => {
  const begun: (() => void)[] = [];
  const flusher = new Flusher(() => new Promise((resolve) => begun.push(resolve)));
  const flushed: string[] = [];
  const ask = (name: string) => flusher.flush().then(() => flushed.push(name));
  ask('first');
  await expect.poll(() => begun.length).toBe(1);
  ask('second');
  ask('third');
  begun[0]?.();
  await expect.poll(() => begun.length).toBe(2);
  expect(flushed).toEqual(['first']);
  begun[1]?.();
  await expect.poll(() => flushed).toEqual(['first', 'second', 'third']);
  expect(begun).toHaveLength(2);
});

it('reports a failure to its callers, and continues', async () => {
  let broken = true;
  const flusher = new Flusher(async () => {
    if (broken) throw new Error('I/O error');
  });
  await expect(flusher.flush()).rejects.toThrow('I/O error');
  broken = false;
  await expect(flusher.flush()).resolves.toBeUndefined();
});
