/** Keeps values up to a sum of their sizes; what was not used for longest is dropped first. */
export class SizedCache<V> {
  readonly #most: number;
  /** The least recently used first. */
  readonly #kept = new Map<string, { value: V; size: number }>();
  #size = 0;

  constructor(most: number) {
    this.#most = most;
  }

  get(key: string): V | undefined {
    const found = this.#kept.get(key);
    if (!found) return undefined;
    this.#kept.delete(key);
    this.#kept.set(key, found);
    return found.value;
  }

  /** What is larger than the cache is not kept. */
  set(key: string, value: V, size: number): void {
    this.delete(key);
    if (size > this.#most) return;
    this.#kept.set(key, { value, size });
    this.#size += size;
    for (const oldest of this.#kept.keys()) {
      if (this.#size <= this.#most) return;
      this.delete(oldest);
    }
  }

  delete(key: string): void {
    this.#size -= this.#kept.get(key)?.size ?? 0;
    this.#kept.delete(key);
  }
}
