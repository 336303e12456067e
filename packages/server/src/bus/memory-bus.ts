import type { Bus, BusMessage } from './bus.ts';

type Listener = (message: BusMessage) => void;

/** One process: listeners are called in turn, before `publish` returns. A listener must not throw. */
export class MemoryBus implements Bus {
  readonly #listeners = new Map<BusMessage['type'], Set<Listener>>();

  publish(message: BusMessage): void {
    for (const listener of this.#listeners.get(message.type) ?? []) listener(message);
  }

  subscribe<T extends BusMessage['type']>(
    type: T,
    listener: (message: Extract<BusMessage, { type: T }>) => void,
  ): () => void {
    const listeners = this.#listeners.get(type) ?? new Set<Listener>();
    this.#listeners.set(type, listeners);
    listeners.add(listener as Listener);
    return () => listeners.delete(listener as Listener);
  }

  mayBeHeard(type: BusMessage['type']): boolean {
    return (this.#listeners.get(type)?.size ?? 0) > 0;
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
