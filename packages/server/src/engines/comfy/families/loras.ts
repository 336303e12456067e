/** Chains the LoRAs of a request onto a model. */
import type { FrameRecipe, Lora } from '@limner/contract';
import type { GraphBuilder, Link } from '../graph.ts';
import { listedName, modelsOf, type ServerInfo } from '../server-info.ts';

/**
 * The style's own first, then the others in their order. Weight 0 is skipped, because it would load a file without
 * effect.
 */
export function lorasOf(request: FrameRecipe): Lora[] {
  const { style } = request;
  const own = style?.lora_path ? [{ name: style.lora_path, weight: style.strength ?? 1 }] : [];
  return [...own, ...(request.loras ?? [])].filter((lora) => lora.weight !== 0);
}

/** As the server lists it; other programs name a LoRA by its file without folder and extension. */
function spelt(name: string, info: ServerInfo): string {
  const listed = modelsOf(info, 'loras');
  const [only, ...others] = listed.filter((file) => bare(file) === name.toLowerCase());
  return listedName(listed, name) ?? (others.length === 0 ? only : undefined) ?? name;
}

const bare = (file: string): string =>
  file
    .replace(/^.*[\\/]/, '')
    .replace(/\.(safetensors|sft|ckpt|pth?|bin)$/i, '')
    .toLowerCase();

/** For models whose LoRAs rarely touch the text encoder (Flux). */
export function withLoras(b: GraphBuilder, model: Link, loras: Lora[], info: ServerInfo): Link {
  return loras.reduce<Link>(
    (link, lora) =>
      b
        .add('LoraLoaderModelOnly', `LoRA ${lora.name}`, {
          model: link,
          lora_name: spelt(lora.name, info),
          strength_model: lora.weight,
        })
        .out(),
    model,
  );
}

/** For models whose LoRAs often hold text encoder weights (Stable Diffusion). */
export function withLorasAndClip(
  b: GraphBuilder,
  start: { model: Link; clip: Link },
  loras: Lora[],
  info: ServerInfo,
): { model: Link; clip: Link } {
  return loras.reduce((links, lora) => {
    const node = b.add('LoraLoader', `LoRA ${lora.name}`, {
      model: links.model,
      clip: links.clip,
      lora_name: spelt(lora.name, info),
      strength_model: lora.weight,
      strength_clip: lora.weight,
    });
    return { model: node.out(0), clip: node.out(1) };
  }, start);
}
