/** The contract of every bus. `connect` returns two ends of one bus; in one process they may be the same object. */
import type { TaskEvent } from '@limner/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Bus, BusMessage } from './bus.ts';

const event = {
  type: 'event',
  event: {
    kind: 'generation',
    id: 7,
    status: 'running',
    progress: 0.25,
    current_frame: 0,
    total_frames: 1,
    frame_progress: 0.25,
    output_paths: ['/outputs/画_0.png'],
    finished_frames: 1,
    stars: 0,
    error: null,
    expires_at: null,
    timestamp: new Date(0).toISOString(),
    version: 1_795_920_615_401_003,
    frames: [],
  } satisfies TaskEvent,
} as const;
const MESSAGES: BusMessage[] = [
  event,
  { type: 'changed', list: 'styles' },
  { type: 'wake', lane: 'starter.quick' },
  { type: 'cancel', task: 7, frame: null },
  { type: 'abandon', lane: 'comfyui', ticket: '{"server":"画"}' },
  { type: 'engines' },
  { type: 'places' },
  { type: 'downloads' },
  { type: 'gap' },
];

export function busContract(name: string, connect: () => Promise<[Bus, Bus]>): void {
  describe(`${name} as a bus`, () => {
    let here: Bus;
    let there: Bus;
    const heard = (bus: Bus, type: BusMessage['type']) => {
      const messages: BusMessage[] = [];
      const stop = bus.subscribe(type, (message) => messages.push(message));
      return { messages, stop };
    };

    beforeEach(async () => {
      [here, there] = await connect();
    });
    afterEach(async () => {
      await here.close();
      await there.close();
    });

    it('brings every kind of message, whole, to both ends', async () => {
      const listeners = MESSAGES.flatMap(({ type }) => [heard(here, type), heard(there, type)]);
      for (const message of MESSAGES) here.publish(message);
      const expected = MESSAGES.flatMap((message) => [[message], [message]]);
      await vi.waitFor(() => expect(listeners.map(({ messages }) => messages)).toEqual(expected));
    });

    it('brings a message of any length', async () => {
      const { messages } = heard(there, 'event');
      const output_paths = Array.from({ length: 3_000 }, (_, n) => `/outputs/画_${n}.png`);
      const long: BusMessage = { ...event, event: { ...event.event, output_paths } };
      for (const message of [event, long, event]) here.publish(message);
      await vi.waitFor(() => expect(messages).toEqual([event, long, event]));
    });

    it('keeps the order of what one end publishes', async () => {
      const { messages } = heard(there, 'cancel');
      const sent = Array.from({ length: 50 }, (_, task) => ({ type: 'cancel', task, frame: null }) as const);
      for (const message of sent) here.publish(message);
      await vi.waitFor(() => expect(messages).toEqual(sent));
    });

    it('brings nothing to a listener that stopped, and everything to the others', async () => {
      const [gone, stays] = [heard(there, 'wake'), heard(there, 'wake')];
      gone.stop();
      here.publish({ type: 'wake', lane: 'a' });
      await vi.waitFor(() => expect(stays.messages).toHaveLength(1));
      expect(gone.messages).toEqual([]);
    });

    it('never says that nobody would hear while somebody listens', () => {
      const { stop } = heard(there, 'event');
      expect([here.mayBeHeard('event'), there.mayBeHeard('event')]).toEqual([true, true]);
      stop();
    });

    it('is silent once it is closed', async () => {
      const { messages } = heard(here, 'wake');
      await here.close();
      there.publish({ type: 'wake', lane: 'a' });
      expect(() => here.publish({ type: 'wake', lane: 'a' })).not.toThrow();
      expect(messages).toEqual([]);
    });
  });
}
