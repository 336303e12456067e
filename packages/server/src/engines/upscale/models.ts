/** The enlargers that ship with Limner. All are ESRGAN networks that take and give RGB in 0…1. */
import { join } from 'node:path';
import type { Bilingual } from '@limner/contract';
import { shippedSession } from '../embedded/sessions.ts';
import type { Enlarger, Enlargers } from './enlarge.ts';

export const ENLARGER_NAMES = ['thick', 'slim'] as const;
export type EnlargerName = (typeof ENLARGER_NAMES)[number];

/** `auto` enlarges pixel art by repeating pixels and everything else with the clean network. */
export const METHOD_NAMES = ['auto', ...ENLARGER_NAMES, 'pixel'] as const;
export type MethodName = (typeof METHOD_NAMES)[number];

export const METHOD_LABELS: Record<MethodName, Bilingual> = {
  auto: { en: 'By the picture', zh: '按图片自动选择' },
  thick: { en: 'Clean (slower)', zh: '精细（较慢）' },
  slim: { en: 'Fast', zh: '快速' },
  pixel: { en: 'Pixel art (nearest neighbour)', zh: '像素画（最近邻）' },
};

const FILES = {
  thick: { 4: 'esrgan-thick-x4.onnx' },
  slim: { 2: 'esrgan-slim-x2.onnx', 4: 'esrgan-slim-x4.onnx' },
} as const;

export const ENLARGER_FILES: readonly string[] = Object.values(FILES).flatMap((files) =>
  Object.values(files),
);

/** Alpha has no texture, so the small network is good enough for it. */
export async function openEnlargers(
  modelsDir: string,
  name: EnlargerName,
  factor: number,
): Promise<Enlargers> {
  const [colour, alpha] = await Promise.all([open(modelsDir, name, factor), open(modelsDir, 'slim', factor)]);
  return { colour, alpha };
}

/** The smallest network of a name that reaches the factor. */
async function open(modelsDir: string, name: EnlargerName, factor: number): Promise<Enlarger> {
  const small = name === 'slim' && factor <= 2;
  const file = small ? FILES.slim[2] : FILES[name][4];
  return { session: await shippedSession(join(modelsDir, 'upscale'), file), scale: small ? 2 : 4 };
}
