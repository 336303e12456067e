/** Lists that clients read at their start. What Limner has none of is empty. */
import os from 'node:os';
import { type Language, type Style, styleName } from '@limner/contract';
import { stemOf, withoutExtension } from '../../../prompts/lora-tags.ts';

export const LATENT_MODES = [
  'Latent',
  'Latent (antialiased)',
  'Latent (bicubic)',
  'Latent (bicubic antialiased)',
  'Latent (nearest)',
  'Latent (nearest-exact)',
].map((name) => ({ name }));

/** By their stem, or by their path where two have one stem. */
export function loraRows(files: readonly string[]) {
  const stems = files.map(stemOf);
  return files.map((path, index) => {
    const stem = stems[index] ?? '';
    const name = stems.indexOf(stem) === index ? stem : withoutExtension(path);
    return { name, alias: name, path, metadata: {} };
  });
}

/** The LoRA of a style that was trained here is known to no server, so only its words can be written out. */
export const styleRows = (styles: readonly Style[], language: Language) =>
  styles.map((style) => {
    const { trigger_words, lora_path, family, strength } = style;
    return {
      name: styleName(style, language),
      prompt: [
        trigger_words,
        lora_path !== null && family === null ? `<lora:${stemOf(lora_path)}:${strength}>` : '',
      ]
        .filter(Boolean)
        .join(' '),
      negative_prompt: '',
    };
  });

export function scriptNames(hasControls: boolean) {
  const names = hasControls ? ['controlnet'] : [];
  return { txt2img: names, img2img: names };
}

/** Bytes of this machine. Engines' memory is theirs. */
export function memoryUse() {
  const [total, free] = [os.totalmem(), os.freemem()];
  return { ram: { free, used: total - free, total }, cuda: {} };
}
