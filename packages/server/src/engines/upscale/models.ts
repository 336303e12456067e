/** The enlargers that ship with Limner. Both are ESRGAN networks that take and give RGB in 0…1. */
import type { Bilingual } from '@limner/contract';

export const ENLARGER_NAMES = ['thick', 'slim'] as const;
export type EnlargerName = (typeof ENLARGER_NAMES)[number];

export const ENLARGER_LABELS: Record<EnlargerName, Bilingual> = {
  thick: { en: 'Clean (slower)', zh: '精细（较慢）' },
  slim: { en: 'Fast', zh: '快速' },
};

export const ENLARGER_FILES = ['esrgan-thick-x4.onnx', 'esrgan-slim-x2.onnx', 'esrgan-slim-x4.onnx'] as const;
