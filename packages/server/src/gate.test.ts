import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';
import { withinMemory } from './images/pixel-gate.ts';

/** A piece of work that ends when the test ends it. */
function held() {
  let end = (): void => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  return { end, work: () => ended };
}
const settle = () => new Promise((resolve) => setImmediate(resolve));

describe('a gate', () => {
  it('never lets in more weight than it is for, and lets everybody in at last', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 130 }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(sizes, async (pictures) => {
        const gate = new Gate(100);
        const inside = new Set<number>();
        const order: number[] = [];
        await Promise.all(
          pictures.map((pixels, i) =>
            gate.run(pixels, async () => {
              inside.add(i);
              order.push(i);
              const sum = [...inside].reduce((all, one) => all + (pictures[one] as number), 0);
              expect(sum <= 100 || inside.size === 1).toBe(true);
              await settle();
              inside.delete(i);
            }),
          ),
        );
        expect(order).toEqual(pictures.map((_, i) => i));
      }),
    );
  });

  it('opens again after a piece of work that failed', async () => {
    const gate = new Gate(10);
    await expect(gate.run(10, () => Promise.reject(new Error('damaged')))).rejects.toThrow('damaged');
    expect(await gate.run(10, async () => 'next')).toBe('next');
  });

  it('takes room back once, however often it is left', async () => {
    const gate = new Gate(10);
    const leave = await gate.enter(10);
    leave();
    leave();
    const again = await gate.enter(10);
    let isIn = false;
    const next = gate.enter(10).then((out) => {
      isIn = true;
      out();
    });
    await settle();
    expect(isIn).toBe(false);
    again();
    await next;
  });

  it('lets small pictures pass while a huge one is decoded', async () => {
    const huge = held();
    const decoding = withinMemory(50_000_000, huge.work);
    expect(await withinMemory(1_000_000, async () => 'small')).toBe('small');
    huge.end();
    await decoding;
  });
});
