import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace } from './pace.ts';
import { type Line, schedule, type Work } from './schedule.ts';

interface Server {
  name: string;
  frameMs: number;
  loadMs?: number;
}

const line = (server: Server, change: Partial<Line<Server>> = {}): Line<Server> => ({
  server,
  busyMs: 0,
  freeSlots: 2,
  model: 'm',
  ...change,
});
const work = (frame: number, can: (server: Server) => boolean = () => true): Work<number, Server> => ({
  frame,
  model: (server) => (can(server) ? 'm' : null),
  costMs: ({ frameMs, loadMs = 0 }, _model, loaded) => frameMs + (loaded ? 0 : loadMs),
});
const works = (count: number) => Array.from({ length: count }, (_, frame) => work(frame));
const sentTo = (sent: { server: Server }[]) => sent.map(({ server }) => server.name).join('');

describe('the schedule of waiting frames', () => {
  const [a, b, c, d] = 'abcd'.split('').map((name) => ({ name, frameMs: 1_500 })) as [
    Server,
    Server,
    Server,
    Server,
  ];

  it('fills idle servers before the second slot of a busy one', () => {
    expect(sentTo(schedule(works(4), [line(a), line(b), line(c), line(d)]))).toBe('abcd');
    expect(
      sentTo(schedule(works(2), [line(a, { busyMs: 1_500, freeSlots: 1 }), line(b, { model: 'other' })])),
    ).toBe('ba');
  });

  it('weighs a loaded model in time: a short queue is waited for where loading takes longer', () => {
    const cold = (loadMs: number) => line({ ...b, loadMs }, { model: 'other' });
    const busy = () => line(a, { busyMs: 1_500, freeSlots: 1 });
    expect(sentTo(schedule(works(1), [busy(), cold(30_000)]))).toBe('a');
    expect(sentTo(schedule(works(1), [busy(), cold(1_000)]))).toBe('b');
  });

  it('keeps a frame for a fast server that is full, where a slow idle one would take longer', () => {
    const fast = line({ name: 'f', frameMs: 1_000 }, { busyMs: 2_000, freeSlots: 0 });
    const slow = line({ name: 's', frameMs: 10_000 });
    expect(schedule(works(1), [fast, slow])).toEqual([]);
    expect(sentTo(schedule(works(9), [fast, slow]))).toBe('s');
  });

  it('passes over a server that cannot do it', () => {
    expect(sentTo(schedule([work(0, ({ name }) => name === 'b')], [line(a), line(b)]))).toBe('b');
    expect(schedule([work(0, () => false)], [line(a)])).toEqual([]);
  });

  it('never sends more than there are slots, nor a frame twice', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            frameMs: fc.integer({ min: 1, max: 9_999 }),
            freeSlots: fc.integer({ min: 0, max: 2 }),
          }),
        ),
        fc.integer({ min: 0, max: 20 }),
        (servers, count) => {
          const lines = servers.map(({ frameMs, freeSlots }, index) =>
            line({ name: `${index};`, frameMs }, { freeSlots }),
          );
          const sent = schedule(works(count), lines);
          expect(new Set(sent.map(({ frame }) => frame)).size).toBe(sent.length);
          for (const [index, { freeSlots }] of servers.entries())
            expect(sent.filter(({ server }) => server.name === `${index};`).length).toBeLessThanOrEqual(
              freeSlots,
            );
        },
      ),
    );
  });
});

it('the pace of a server separates loading a model from painting with it', () => {
  const pace = new Pace();
  expect([pace.frameMs('m'), pace.loadMs('m')]).toEqual([null, 0]);
  pace.finished('m', 12_000, false);
  expect([pace.frameMs('m'), pace.loadMs('m')]).toEqual([12_000, 0]);
  pace.finished('m', 2_000, true);
  expect([pace.frameMs('m'), pace.loadMs('m')]).toEqual([2_000, 10_000]);
  pace.finished('m', 4_000, true);
  expect(pace.frameMs('m')).toBe(3_000);
  expect(pace.frameMs('other')).toBeNull();
});
