import type { Style } from '@limner/contract';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useTasks } from '../../../state/tasks.ts';

/** The base style has a translated name; users name all others. */
export function useStyleName(style: Style | undefined): string {
  const { t } = useTranslation();
  if (!style) return '';
  return style.is_base ? t('styles.base') : style.name;
}

export function useStyleSample(styleId: number): string | null {
  const listRevision = useTasks((state) => state.listRevision);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `listRevision` stands for the entries
  return useMemo(() => {
    const { entries } = useTasks.getState();
    let [newest, sample]: [number, string | null] = [0, null];
    for (const { item } of Object.values(entries)) {
      const picture = item.output_paths[0];
      if (item.style_id !== styleId || !picture || item.id < newest) continue;
      [newest, sample] = [item.id, picture];
    }
    return sample;
  }, [styleId, listRevision]);
}
