import type { Task } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { useCompare } from '../../state/compare.ts';
import { frameAt } from '../../state/frames.ts';
import type { PictureRef } from '../../state/picture-ref.ts';
import { usePicture } from '../../state/pictures.ts';
import { useViewer } from '../../state/shown-picture.ts';
import { useTasks } from '../../state/tasks.ts';

export interface OtherPicture {
  url: string;
  label: string;
}

/** The picture to compare with: its source, the one chosen for comparing, or the one shown before. */
export function useOther(task: Task): OtherPicture | null {
  const { t } = useTranslation();
  const chosen = useCompare((state) => state.first);
  const before = useViewer((state) => state.before);
  const chosenUrl = useUrl(chosen);
  const beforeUrl = useUrl(before);
  const source = usePicture(task.input_image ?? task.references[0] ?? null);
  if (source) return { url: source.url, label: t('detail.original') };
  if (chosenUrl) return { url: chosenUrl, label: t('compare.first') };
  return beforeUrl ? { url: beforeUrl, label: t('viewer.before') } : null;
}

function useUrl(picture: PictureRef | null): string | null {
  return useTasks((state) => {
    if (!picture) return null;
    return frameAt(state.entries[picture.task]?.detail, picture.frame, picture.place)?.output?.url ?? null;
  });
}
