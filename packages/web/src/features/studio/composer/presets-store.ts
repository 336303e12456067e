/** Presets: named settings of this form, stored on the server and shared by all its users. */
import { imagesOf, type Preset, type PresetSettings, StudioError } from '@limner/contract';
import { create } from 'zustand';
import { api } from '../../../api/api.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { familyFor } from '../../../state/draft/draft-rules.ts';
import { findPictures } from '../../../state/pictures.ts';
import { fromSettings, toSettings } from '../../../state/recipe/preset-settings.ts';
import { showLost } from '../../../state/recipe/restore.ts';
import { useStudio } from '../../../state/studio.ts';
import { attempt } from '../../../state/task-actions.ts';
import { bringOldPresets } from './old-presets.ts';

export const usePresets = create<{ presets: Preset[] }>(() => ({ presets: [] }));

/** Imports presets of this browser first. */
export async function loadPresets(): Promise<void> {
  await bringOldPresets();
  usePresets.setState({ presets: await api.call('listPresets', {}) });
}

function presentSettings(): PresetSettings {
  const draft = useDraft.getState();
  return toSettings(draft, familyFor(useStudio.getState().families, draft));
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

/** Stores what could not be restored. The prompt and the style stay as they are. */
export const applyPreset = ({ settings }: Preset): Promise<boolean> =>
  attempt(async () => {
    const pictures = await findPictures(settings.recipe ? imagesOf(settings.recipe) : []);
    const { families, styles } = useStudio.getState();
    const { change, lost } = fromSettings(settings, useDraft.getState(), { families, styles, pictures });
    compose(change);
    void showLost(lost);
  });
