/** A scripted engine with the families that clients of the images API meet: text, image to image, masks, edits, steps. */
import type { Family, FrameRecipe } from '@limner/contract';
import sharp from 'sharp';
import { type Script, ScriptedEngine, type ScriptedEngineOptions } from '../scripted-engine.ts';

const steps = { key: 'steps', type: 'integer', default: 20, min: 4, max: 30, effect: true } as const;

const painting: Family = {
  id: 'painting',
  kind: 'generation',
  label: { en: 'Painting', zh: '绘画' },
  description: { en: 'For tests', zh: '测试用' },
  experimental: false,
  types: ['txt2img', 'img2img', 'inpaint'],
  controls: [],
  size: { default: 64, min: 32, max: 1024, step: 8 },
  references: 0,
  loras: true,
  params: [steps],
};

const editing: Family = { ...painting, id: 'editing', kind: 'edit', types: [], references: 4 };

const cutting: Family = {
  ...painting,
  id: 'remove-background',
  kind: 'remove_bg',
  types: [],
  size: null,
  params: [],
};

export const FAMILIES: readonly Family[] = [painting, editing, cutting];

/** A picture of the frame's size in a colour of its seed; `alpha` 0…1. */
export function pictureOf({ width, height, seed }: FrameRecipe, alpha = 1): Promise<Buffer> {
  const background = { r: Number(seed) % 256, g: (Number(seed) >> 8) % 256, b: 90, alpha };
  return sharp({ create: { width: width ?? 64, height: height ?? 64, channels: 4, background } })
    .png()
    .toBuffer();
}

export interface OpenAiEngineOptions extends ScriptedEngineOptions {
  families?: readonly Family[];
}

export class OpenAiEngine extends ScriptedEngine {
  readonly #families: readonly Family[];

  constructor(script: Script = (frame) => pictureOf(frame), options: OpenAiEngineOptions = {}) {
    super(script, options);
    this.#families = options.families ?? FAMILIES;
  }

  override families(): Family[] {
    return [...this.#families];
  }
}
