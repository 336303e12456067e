/** The picture that the upscale dialog is open for. */
import type { Size } from '@limner/contract';
import { create } from 'zustand';

export interface UpscaleSource extends Size {
  /** Of an output or an upload. */
  ref: string;
  task: number;
}

export const useUpscale = create<{ source: UpscaleSource | null }>(() => ({ source: null }));

export const chooseUpscale = (source: UpscaleSource): void => useUpscale.setState({ source });
export const endUpscale = (): void => useUpscale.setState({ source: null });
