/** Presets: named settings of this form, stored on the server and shared by all its users. */
import { type Preset, type PresetSettings, StudioError } from '@limner/contract';
import { create } from 'zustand';
import { api } from '../../../api/api.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { attempt } from '../../../state/task-actions.ts';
import { bringOldPresets } from './old-presets.ts';

export const usePresets = create<{ presets: Preset[] }>(() => ({ presets: [] }));

/** Imports presets of this browser first. */
export async function loadPresets(): Promise<void> {
  await bringOldPresets();
  usePresets.setState({ presets: await api.call('listPresets', {}) });
}

function presentSettings(): PresetSettings {
  const { mode, negative, family, seed, count, ratio, longSide, free, params, loras, control } =
    useDraft.getState();
  const { picture: _, ...kept } = control;
  return {
    ...{ mode, negative, family, seed, count, ratio, long_side: longSide, free, params, loras },
    control: kept,
  };
}

/** The existing preset with this name, which may be replaced; null after saving. */
export async function keepPreset(name: string): Promise<{ id: number; name: string } | null> {
  let taken: { id: number; name: string } | null = null;
  await attempt(async () => {
    try {
      await api.call('createPreset', { body: { name, settings: presentSettings() } });
    } catch (problem) {
      if (!(problem instanceof StudioError) || problem.code !== 'preset_name_taken') throw problem;
      taken = { id: Number(problem.data.id), name };
    }
    await loadPresets();
  });
  return taken;
}

export const replacePreset = (id: number): Promise<boolean> =>
  attempt(async () => {
    await api.call('updatePreset', { params: { id }, body: { settings: presentSettings() } });
    await loadPresets();
  });

export const removePreset = (id: number): Promise<boolean> =>
  attempt(async () => {
    await api.call('deletePreset', { params: { id } });
    await loadPresets();
  });

/** Keeps the pictures of the form, because presets have none. */
export function applyPreset({ settings }: Preset): void {
  const { long_side, control, ...rest } = settings;
  const held = useDraft.getState().control;
  compose({
    ...rest,
    seedText: null,
    longSide: long_side,
    ...(control ? { control: { ...control, picture: held.picture } } : {}),
  });
}
