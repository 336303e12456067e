/** The tags of LoRAs in a prompt: `<lora:name>`, `<lora:name:weight>`, `<lora:name:text encoder:model>`. Pure. */
import type { Lora } from '@limner/contract';

/** Each part has a limit, and no two parts can take the same characters: linear in the length of the prompt. */
const TAG = /<(?:lora|lyco):([^:<>]{1,300})(?::([^:<>]{0,40}))?(?::[^<>]{0,300})?>/gi;
/** Also the separator before it. */
const TAG_PLACE = /(?:(?<!\s)\s*,)?(?<!\s)\s*<(?:lora|lyco|hypernet):[^<>]{1,700}>/gi;

export const lorasIn = (prompt: string): Lora[] =>
  [...prompt.matchAll(TAG)].map(([, name = '', weight = '']) => ({ name, weight: weightOf(weight) }));

/** 1 for what is no number. */
function weightOf(text: string): number {
  const weight = Number.parseFloat(text);
  return Number.isFinite(weight) ? weight : 1;
}

/** Hypernetworks have no counterpart here. */
export const hypernetsIn = (prompt: string): string[] =>
  [...prompt.matchAll(/<hypernet:([^:<>]+)/gi)].map(([, name = '']) => name);

/** The rest stays as it is; a separator that a tag at the start leaves goes too. */
export function withoutLoras(prompt: string): string {
  const rest = prompt.replace(TAG_PLACE, '');
  const beganWithTag = prompt.trimStart().search(TAG_PLACE) === 0;
  return (beganWithTag ? rest.replace(/^[\s,]+/, '') : rest).trim();
}
