/** Imported first: the clock of this process is ahead by `LIMNER_TEST_SKEW_MS`, or behind. */
const skewMs = Number(process.env.LIMNER_TEST_SKEW_MS ?? 0);
const Real = Date;

globalThis.Date = class extends Real {
  constructor(...given: [] | [number]) {
    if (given.length === 0) super(Real.now() + skewMs);
    else super(...given);
  }

  static override now(): number {
    return Real.now() + skewMs;
  }
} as DateConstructor;
