import { type RecipeStyle, StudioError } from '@limner/contract';
import type { Blobs } from '../storage/blobs.ts';

/** The file of a style that was trained here. @throws StudioError `lora_missing` */
export async function readLora(blobs: Blobs, { name, lora_path }: RecipeStyle): Promise<Buffer> {
  const stat = lora_path === null ? null : await blobs.stat(lora_path);
  if (!stat || lora_path === null) throw new StudioError('lora_missing', { data: { style: name } });
  return blobs.read(lora_path);
}
