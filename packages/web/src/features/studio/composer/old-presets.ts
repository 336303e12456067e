/** Presets from before the server stored them: imported once from this browser, then removed here. */
import { type PresetCreate, StudioError } from '@limner/contract';
import { api } from '../../../api/api.ts';

const KEY = 'limner.presets';

/** The stored text as requests; unreadable ones are skipped, and refused ones stay in the browser. Pure. */
export function oldPresets(stored: string | null): PresetCreate[] {
  try {
    const { state } = JSON.parse(stored ?? '{}') as { state?: { presets?: unknown[] } };
    return (state?.presets ?? []).flatMap((preset) => {
      const { name, settings } = (preset ?? {}) as { name?: unknown; settings?: Record<string, unknown> };
      if (typeof name !== 'string' || !settings) return [];
      const { longSide, ...rest } = settings;
      return { name, settings: { ...rest, long_side: longSide ?? null } as PresetCreate['settings'] };
    });
  } catch {
    return [];
  }
}

export async function bringOldPresets(): Promise<void> {
  const stored = localStorage.getItem(KEY);
  if (stored === null) return;
  // Removed first, so that two pages of this browser do not import them twice.
  localStorage.removeItem(KEY);
  try {
    for (const preset of oldPresets(stored).reverse()) await bring(preset);
  } catch {
    localStorage.setItem(KEY, stored);
  }
}

/** A taken name gets a number, so that no preset is overwritten. */
async function bring(preset: PresetCreate): Promise<void> {
  for (let n = 1; ; n += 1) {
    try {
      const name = n === 1 ? preset.name : `${preset.name.slice(0, 56)} ${n}`;
      await api.call('createPreset', { body: { ...preset, name } });
      return;
    } catch (problem) {
      if (!(problem instanceof StudioError)) throw problem;
      if (problem.code !== 'preset_name_taken') return;
    }
  }
}
