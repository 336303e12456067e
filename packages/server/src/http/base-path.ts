/**
 * Limner below a path of its host, such as `/limner`. Routes are defined without it: the prefix is removed from requests,
 * because some proxies keep it and some strip it, and added to the addresses in answers.
 */

/** Fields of the contract that hold an address of Limner. */
export const ADDRESS_FIELDS = new Set([
  'url',
  'log_url',
  'preview_url',
  'thumbnail_url',
  'dataset_path',
  'output_lora_path',
  'output_path',
  'output_paths',
]);
const OWN_ADDRESS = /^\/(api|outputs|uploads|loras)\//;

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
  const below = (value: unknown) =>
    typeof value === 'string' && OWN_ADDRESS.test(value) ? base + value : value;
  return (answer) =>
    JSON.stringify(answer, (key, value) => {
      if (!ADDRESS_FIELDS.has(key)) return value;
      return Array.isArray(value) ? value.map(below) : below(value);
    });
}
