/** Presets that were kept in this browser before the server kept them: given to it once, then forgotten here. */
import { type PresetCreate, StudioError } from '@limner/contract';
import { api } from '../../../api/api.ts';

const KEY = 'limner.presets';

/** The stored text as requests; what cannot be read is left out, and what the server refuses stays behind. Pure. */
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
  // First of all, so that two pages of this browser do not bring them twice.
  localStorage.removeItem(KEY);
  try {
    for (const preset of oldPresets(stored).reverse()) await bring(preset);
  } catch {
    localStorage.setItem(KEY, stored);
  }
}

/** A name that is taken gets a number: nobody's settings are replaced unasked. */
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
