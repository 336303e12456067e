/**
 * The bus port: doorbells between the parts of Limner, which may be processes. A message is plain data. It may be lost (a
 * process that was down when it rang): whoever relies on the news reads the row again, so nothing is ever decided by a
 * message alone.
 */
import type { ChangedList, TaskEvent } from '@limner/contract';

export type BusMessage =
  | { type: 'event'; event: TaskEvent }
  | { type: 'changed'; list: ChangedList }
  /** There may be work in this lane. */
  | { type: 'wake'; lane: string }
  /** Someone asked to cancel this task, or one frame of it. */
  | { type: 'cancel'; task: number; frame: number | null };

export interface Bus {
  publish(message: BusMessage): void;
  /** Returns the way to stop listening. */
  subscribe<T extends BusMessage['type']>(
    type: T,
    listener: (message: Extract<BusMessage, { type: T }>) => void,
  ): () => void;
  /** A hint. False: nobody would hear a message of this type, so it need not be made. A bus that cannot know says true. */
  mayBeHeard(type: BusMessage['type']): boolean;
  close(): Promise<void>;
}
