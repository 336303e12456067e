/**
 * The bus port: messages between the parts of Limner, which may be processes. A message is plain data and may be lost,
 * for example while a process is down. Receivers read the row again; no decision depends on a message alone.
 */
import type { ChangedList, TaskEvent } from '@limner/contract';

export type BusMessage =
  | { type: 'event'; event: TaskEvent }
  | { type: 'changed'; list: ChangedList }
  /** There may be work in this lane. */
  | { type: 'wake'; lane: string }
  /** A request to cancel this task, or one frame of it. */
  | { type: 'cancel'; task: number; frame: number | null }
  /** An engine of this lane left this running for a frame that nobody wants any more. */
  | { type: 'abandon'; lane: string; ticket: string }
  /** A client has cancelled this call of a tool, which may run in any process. */
  | { type: 'call-cancelled'; call: string }
  /** A place on a ComfyUI server was freed. */
  | { type: 'places' }
  /** Servers or workflows were added, removed or changed. */
  | { type: 'engines' }
  /** Deliveries of webhooks may be due, or webhooks were changed. */
  | { type: 'deliveries' }
  /** Downloads of model files were started. */
  | { type: 'downloads' }
  /** Messages of any type may have been lost. */
  | { type: 'gap' };

export interface Bus {
  publish(message: BusMessage): void;
  /** Returns a function that unsubscribes. */
  subscribe<T extends BusMessage['type']>(
    type: T,
    listener: (message: Extract<BusMessage, { type: T }>) => void,
  ): () => void;
  /** A hint. False: no subscriber for this type, so the message need not be made. A bus that cannot know returns true. */
  mayBeHeard(type: BusMessage['type']): boolean;
  close(): Promise<void>;
}
