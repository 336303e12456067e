/**
 * Limner below a path of its host, such as `/limner`. Routes know nothing of it: the prefix is removed from requests that
 * have it, because some proxies keep it and some strip it, and it is put before the addresses in answers.
 */

/** Fields that hold an address of Limner. */
const ADDRESSES = new Set(['url', 'preview_url', 'dataset_path', 'output_lora_path', 'output_paths']);
const OURS = /^\/(api|outputs|uploads|loras)\//;

export type WriteJson = (answer: unknown) => string;

/** The address without the base path; unchanged if it has none. */
export function withoutBase(address: string, base: string): string {
  if (base === '' || !address.startsWith(base)) return address;
  const rest = address.slice(base.length);
  if (rest === '' || rest.startsWith('?')) return `/${rest}`;
  return rest.startsWith('/') ? rest : address;
}

/** Serialises an answer whose addresses begin with the base path. */
export function jsonWriter(base: string): WriteJson {
  if (base === '') return JSON.stringify;
  const below = (value: unknown) => (typeof value === 'string' && OURS.test(value) ? base + value : value);
  return (answer) =>
    JSON.stringify(answer, (key, value) => {
      if (!ADDRESSES.has(key)) return value;
      return Array.isArray(value) ? value.map(below) : below(value);
    });
}
