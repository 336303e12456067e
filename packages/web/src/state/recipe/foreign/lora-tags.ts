/** The tags of LoRAs in a prompt: `<lora:name>`, `<lora:name:weight>`, `<lora:name:text encoder:model>`. Pure. */
import type { Lora } from '@limner/contract';

const TAG = /<(?:lora|lyco):([^:<>]+)(?::(-?\d*\.?\d+(?:e[-+]?\d+)?))?[^<>]*>/gi;
/** Also the separator before it. */
const TAG_PLACE = /(?:\s*,)?\s*<(?:lora|lyco|hypernet):[^<>]+>/gi;

export const lorasIn = (prompt: string): Lora[] =>
  [...prompt.matchAll(TAG)].map(([, name = '', weight = '1']) => ({ name, weight: Number(weight) }));

/** Hypernetworks have no counterpart here. */
export const hypernetsIn = (prompt: string): string[] =>
  [...prompt.matchAll(/<hypernet:([^:<>]+)/gi)].map(([, name = '']) => name);

/** The rest stays as it is; a separator that a tag at the start leaves goes too. */
export function withoutLoras(prompt: string): string {
  const rest = prompt.replace(TAG_PLACE, '');
  const beganWithTag = prompt.trimStart().search(TAG_PLACE) === 0;
  return (beganWithTag ? rest.replace(/^[\s,]+/, '') : rest).trim();
}
