/** Closes opened resources in reverse order. */
export class Closings {
  readonly #closings: (() => Promise<void> | void)[] = [];

  add(close: () => Promise<void> | void): void {
    this.#closings.push(close);
  }

  async closeAll(): Promise<void> {
    for (const close of this.#closings.splice(0).reverse()) await close();
  }
}
