/** The families Limner knows how to build for ComfyUI. A new one is one file here and one line below. */
import type { ComfyFamily, FluxFiles } from './family.ts';

export type { BuiltGraph, ComfyFamily, FluxFiles, UploadedInput, UploadedInputs } from './family.ts';
export { inputIds, specOn } from './family.ts';

export function comfyFamilies(_files: FluxFiles): ComfyFamily[] {
  return [];
}
