import { useCallback } from 'react';
import type { PictureRef } from '../../state/picture-ref.ts';
import { useLayer } from '../../ui/layers.ts';

/** The task whose detail is open, from the address: `?task=77&picture=1`. */
export function useShownTask(): [PictureRef | null, (shown: PictureRef | null) => void] {
  const { params, show } = useLayer('task');
  const task = Number(params.get('task'));
  const [frame = 0, place] = (params.get('picture') ?? '0').split('_').map(Number);
  const set = useCallback(
    (shown: PictureRef | null) => show(shown && { task: String(shown.task), picture: pictureOf(shown) }),
    [show],
  );
  return [task > 0 ? { task, frame, ...(place === undefined ? {} : { place }) } : null, set];
}

/** `1`, or `1_2` if its frame has several outputs. */
function pictureOf({ frame, place = 0 }: PictureRef): string | null {
  if (place > 0) return `${frame}_${place}`;
  return frame > 0 ? String(frame) : null;
}
