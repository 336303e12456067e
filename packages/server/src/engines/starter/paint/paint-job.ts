import type { StyleParams } from '../compose/style-params.ts';
import type { PaintControl } from './control.ts';

/** What the small model paints. */
export interface PaintJob {
  /** The repository's `models` folder. */
  modelsDir: string;
  prompt: string;
  /** The words for the library, if they are not the whole prompt. */
  drawn?: string;
  /** Icon set of the guide. */
  library?: StyleParams['library'];
  seed: number;
  width: number;
  height: number;
  /** As for the drawing that guides it. */
  asTexture?: boolean;
  steps: number;
  guidance: number;
  /** Share of the guide that is repainted, 0…1. */
  denoise: number;
  /** The user's picture for img2img; null: the guide is a library drawing. */
  start: Buffer | null;
  control: PaintControl | null;
  /** A trained style's adapter, already scaled to its strength. */
  lora: Float32Array | null;
}
