import type { Language } from './error.ts';
import type { GridAxis } from './grid.ts';

const NAMELESS = ['prompt', 'negative_prompt', 'prompt_replace'];

/** Of one value of an axis, as a sheet shows it; texts need no name before them. Empty without the axis. */
export function gridLabel(axis: GridAxis | null, index: number, language: Language): string {
  const entry = axis?.values[index];
  if (!axis || !entry) return '';
  const value = entry.label?.[language] ?? String(entry.value);
  return NAMELESS.includes(axis.field) ? value : `${axis.label[language]}: ${value}`;
}
