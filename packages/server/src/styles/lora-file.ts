import { type RecipeStyle, StudioError } from '@limner/contract';
import type { StoredFile } from '../engines/run-files.ts';
import type { Blobs } from '../storage/blobs.ts';

/** The file of a style that has one of its own. @throws StudioError `lora_missing` */
export async function openLora(blobs: Blobs, { name, lora_path }: RecipeStyle): Promise<StoredFile> {
  const stat = lora_path === null ? null : await blobs.stat(lora_path);
  if (!stat || lora_path === null) throw new StudioError('lora_missing', { data: { style: name } });
  return {
    sizeBytes: stat.sizeBytes,
    read: () => blobs.read(lora_path),
    stream: () => blobs.stream(lora_path),
  };
}
