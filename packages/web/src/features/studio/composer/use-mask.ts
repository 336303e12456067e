/** The mask of the form's input picture: strokes are drawn at once and uploaded after a pause. */
import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { compose, type Picture, useDraft } from '../../../state/draft/draft.ts';
import { whileUploading } from '../../../state/draft/uploads.ts';
import {
  drawMask,
  EMPTY,
  isBlank,
  type MaskHistory,
  type MaskStep,
  maskFile,
  withNext,
  withoutLast,
  withStep,
} from './mask-strokes.ts';
import { uploadPicture } from './take-input-file.ts';

export interface Mask {
  canUndo: boolean;
  canRedo: boolean;
  add: (step: MaskStep) => void;
  undo: () => void;
  redo: () => void;
}

export function useMask(canvas: RefObject<HTMLCanvasElement | null>, { ref }: Picture): Mask {
  const [history, setHistory] = useState(EMPTY);
  /** The mask that this stroke history made; any other is loaded. */
  const own = useRef<Picture | null | undefined>(undefined);
  const asked = useRef(0);
  const held = useDraft((state) => state.mask);

  const keep = useCallback(
    async (sheet: HTMLCanvasElement) => {
      asked.current += 1;
      const round = asked.current;
      await whileUploading(async () => {
        const mask = isBlank(sheet) ? null : await uploadPicture(await maskFile(sheet));
        // A later step uploads again, and another picture has another mask.
        if (round !== asked.current || useDraft.getState().input?.ref !== ref) return;
        own.current = mask;
        compose({ mask });
      });
    },
    [ref],
  );
  const change = useCallback(
    (next: MaskHistory, upload: boolean) => {
      setHistory(next);
      if (!canvas.current) return;
      drawMask(canvas.current, next.done);
      if (upload) void keep(canvas.current);
    },
    [canvas, keep],
  );

  // Another mask, or none, resets the history.
  useEffect(() => {
    if (held === own.current) return;
    own.current = held;
    if (!held) return change(EMPTY, false);
    let left = false;
    const image = new Image();
    image.onload = () => !left && change(withStep(EMPTY, { kind: 'load', mask: image }), false);
    image.src = held.url;
    return () => {
      left = true;
    };
  }, [held, change]);

  return {
    canUndo: history.done.some(({ kind }) => kind !== 'load'),
    canRedo: history.undone.length > 0,
    add: (step) => change(withStep(history, step), true),
    undo: () => change(withoutLast(history), true),
    redo: () => change(withNext(history), true),
  };
}
