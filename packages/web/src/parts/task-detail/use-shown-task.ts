import { useCallback } from 'react';
import type { PictureRef } from '../../state/picture-ref.ts';
import { useLayer } from '../../ui/layers.ts';

/** The task whose detail is open, by the address: `?task=77&picture=1`. */
export function useShownTask(): [PictureRef | null, (shown: PictureRef | null) => void] {
  const { params, show } = useLayer('task');
  const task = Number(params.get('task'));
  const frame = Number(params.get('picture') ?? 0);
  const set = useCallback(
    (shown: PictureRef | null) =>
      show(shown && { task: String(shown.task), picture: shown.frame > 0 ? String(shown.frame) : null }),
    [show],
  );
  return [task > 0 ? { task, frame } : null, set];
}
