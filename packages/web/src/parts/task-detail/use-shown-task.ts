import { wholeNumberIn } from '@limner/contract';
import { useCallback } from 'react';
import type { PictureRef } from '../../state/picture-ref.ts';
import { useLayer } from '../../ui/layers.ts';

/** The task whose detail is open, from the address: `?task=77&picture=1`. */
export function useShownTask(): [PictureRef | null, (shown: PictureRef | null) => void] {
  const { params, show } = useLayer('task');
  const task = wholeNumberIn(params.get('task') ?? '') ?? 0;
  const [frame, place] = (params.get('picture') ?? '0').split('_').map(wholeNumberIn);
  const set = useCallback(
    (shown: PictureRef | null) => show(shown && { task: String(shown.task), picture: pictureOf(shown) }),
    [show],
  );
  return [task > 0 ? { task, frame: frame ?? 0, ...(place == null ? {} : { place }) } : null, set];
}

/** `1`, or `1_2` if its frame has several outputs. */
function pictureOf({ frame, place = 0 }: PictureRef): string | null {
  if (place > 0) return `${frame}_${place}`;
  return frame > 0 ? String(frame) : null;
}
