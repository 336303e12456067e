import { create } from 'zustand';
import { persist } from 'zustand/middleware';
import { compose, type Draft, useComposer } from '../../../state/composer.ts';

type Settings = Pick<
  Draft,
  'mode' | 'negative' | 'family' | 'seed' | 'count' | 'ratio' | 'longSide' | 'free' | 'params'
>;

export interface Preset {
  name: string;
  settings: Settings;
}

export const usePresets = create<{ presets: Preset[] }>()(
  persist((): { presets: Preset[] } => ({ presets: [] }), { name: 'limner.presets' }),
);

export function keepPreset(name: string): void {
  const { mode, negative, family, seed, count, ratio, longSide, free, params } = useComposer.getState();
  const preset = { name, settings: { mode, negative, family, seed, count, ratio, longSide, free, params } };
  usePresets.setState(({ presets }) => ({
    presets: [preset, ...presets.filter((held) => held.name !== name)],
  }));
}

export const applyPreset = (preset: Preset): void => compose(preset.settings);

export function removePreset(name: string): void {
  usePresets.setState(({ presets }) => ({ presets: presets.filter((preset) => preset.name !== name) }));
}
