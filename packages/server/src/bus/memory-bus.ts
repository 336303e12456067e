import type { Bus, BusMessage } from './bus.ts';

/** One process: listeners are called in turn, before `publish` returns. A listener must not throw. */
export class MemoryBus implements Bus {
  readonly #listeners = new Set<(message: BusMessage) => void>();

  publish(message: BusMessage): void {
    for (const listener of this.#listeners) listener(message);
  }

  subscribe(listener: (message: BusMessage) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
