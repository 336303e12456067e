/** The same order for the same seed, so that a blind choice is not lost when pictures arrive. Pure. */
export function shuffled<T>(items: readonly T[], seed: number): T[] {
  const order = items.map((item, index) => ({ item, key: scattered(seed * 1009 + index) }));
  return order.sort((a, b) => a.key - b.key).map(({ item }) => item);
}

/** 32 bits that look random (the finaliser of MurmurHash3). */
function scattered(value: number): number {
  let bits = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) >>> 0;
}
