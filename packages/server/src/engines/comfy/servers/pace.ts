/** Recent durations of a server per model, in ms: for a picture, and for loading the model before the first. */
export class Pace {
  readonly #frames = new Map<string, number>();
  readonly #firsts = new Map<string, number>();

  /** Null before the first picture. */
  frameMs(model: string): number | null {
    return this.#frames.get(model) ?? this.#firsts.get(model) ?? null;
  }

  /** 0 until a picture with and one without loading were measured: an unmeasured server has no penalty. */
  loadMs(model: string): number {
    const first = this.#firsts.get(model);
    const frame = this.#frames.get(model);
    return first === undefined || frame === undefined ? 0 : Math.max(0, first - frame);
  }

  /** `loaded`: the model was there before the picture began. */
  finished(model: string, tookMs: number, loaded: boolean): void {
    const measured = loaded ? this.#frames : this.#firsts;
    const before = measured.get(model);
    // The latest value counts half, because prompts and the machine's load differ.
    measured.set(model, before === undefined ? tookMs : (before + tookMs) / 2);
  }
}
