/** Tags in a prompt: `<lora:name:0.8>` names a LoRA and its weight. The weight for a text encoder is not used. */
import { type Bilingual, type Lora, MAX_LORA_WEIGHT, MAX_LORAS } from '@limner/contract';

export interface Tagged {
  /** Without its tags. */
  prompt: string;
  loras: Lora[];
  notes: Bilingual[];
}

const TAG = /<\s*(lora|lyco|hypernet)\s*:([^<>]*)>/gi;

/**
 * @param listed LoRAs as the servers list them
 * @param room how many more the picture takes
 */
export function readTags(written: string, listed: readonly string[], room = MAX_LORAS): Tagged {
  const loras: Lora[] = [];
  const notes: Bilingual[] = [];
  for (const [tag, kind, inner] of written.matchAll(TAG)) {
    const lora = kind?.toLowerCase() === 'hypernet' ? null : loraOf(inner ?? '', listed);
    if (!lora) notes.push(unknownTag(tag));
    else if (loras.length >= room) notes.push(oneTooMany(tag));
    else loras.push(lora);
  }
  const prompt = loras.length + notes.length === 0 ? written : tidied(written.replace(TAG, ''));
  return { prompt, loras, notes };
}

function loraOf(inner: string, listed: readonly string[]): Lora | null {
  const [written = '', weight = '1'] = inner.split(':').map((part) => part.trim());
  const name = listedLora(written, listed);
  if (name === null) return null;
  const number = Number(weight);
  const limited = Math.max(-MAX_LORA_WEIGHT, Math.min(MAX_LORA_WEIGHT, number));
  return { name, weight: Number.isFinite(number) ? limited : 1 };
}

/** A file's name without its extension; folders are divided by `/`. */
export const withoutExtension = (file: string): string =>
  file.replaceAll('\\', '/').replace(/\.(safetensors|ckpt|pt|bin|sft)$/i, '');

export const stemOf = (file: string): string => withoutExtension(file).split('/').at(-1) ?? '';

/** By its path or by its stem, whatever the case. */
function listedLora(written: string, listed: readonly string[]): string | null {
  const name = withoutExtension(written).toLowerCase();
  if (name === '') return null;
  const byPath = listed.find((file) => withoutExtension(file).toLowerCase() === name);
  return byPath ?? listed.find((file) => stemOf(file).toLowerCase() === name) ?? null;
}

const tidied = (text: string): string =>
  text
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/[ \t]+,/g, ',')
    .replace(/(?:\s*,){2,}/g, ',')
    .trim()
    .replace(/^,\s*|\s*,$/g, '');

const unknownTag = (tag: string): Bilingual => ({
  en: `${tag} is not used: no server has it.`,
  zh: `未使用 ${tag}：没有服务器提供它。`,
});

const oneTooMany = (tag: string): Bilingual => ({
  en: `${tag} is not used: a picture takes at most ${MAX_LORAS} LoRAs.`,
  zh: `未使用 ${tag}：一张图最多使用 ${MAX_LORAS} 个 LoRA。`,
});
