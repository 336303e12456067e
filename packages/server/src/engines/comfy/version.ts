/** Versions of ComfyUI: `0.3.75`, also `v0.3.75` and with a suffix. */

/** False where the server does not say its version, or says it in another form. */
export function isOlder(version: string | null | undefined, than: string): boolean {
  const own = numbersIn(version ?? '');
  const least = numbersIn(than);
  if (!own || !least) return false;
  const at = least.findIndex((part, index) => part !== own[index]);
  return at >= 0 && (own[at] ?? 0) < (least[at] ?? 0);
}

export const isVersion = (version: string | null): boolean => numbersIn(version ?? '') !== undefined;

const numbersIn = (version: string): number[] | undefined =>
  /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
