/** The mask under the editor's canvas: painted in place, with the history of mask and frame. */
import type { Outpaint } from '@limner/contract';
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { Picture } from '../../../../state/draft/draft.ts';
import { Stroke, type Tip } from './brush.ts';
import { type Change, MaskHistory } from './history.ts';
import { pixelsOf } from './mask-files.ts';
import { emptyPlane, fromPicture, isBlank, joined, type Plane, type Rect, rgbaOf, whole } from './plane.ts';

export interface MaskState {
  /** The mask is loaded. */
  ready: boolean;
  isEmpty: boolean;
  /** It was changed since it was loaded, even if that was taken back. */
  isPainted: boolean;
  canUndo: boolean;
  canRedo: boolean;
  plane: () => Plane;
  /** Replaces the whole mask, as one step. */
  replace: (plane: Plane) => void;
  /** A change of the frame, as a step: see `MaskHistory.addFrame`. */
  addFrame: (from: Outpaint, to: Outpaint, field?: string | null) => void;
  isTyping: () => boolean;
  endTyping: () => void;
  /** Takes the last step of mask or frame back; while a stroke is drawn, the stroke. */
  undo: () => void;
  redo: () => void;
  begin: (tip: Tip, brush: { erases: boolean; hardness: number }) => void;
  lineTo: (tip: Tip) => void;
  /** Keeps the stroke as a step, or takes it back. */
  end: (kept: boolean) => void;
}

/** Paint of the theme, which shows on dark and light pictures. */
const COLOUR = [230, 150, 40] as const;

/** @param onFrame takes the frame of a step that was undone or redone */
export function usePlane(
  canvas: RefObject<HTMLCanvasElement | null>,
  picture: Picture,
  held: Picture | null,
  onProblem: (problem: unknown) => void,
  onFrame: (frame: Outpaint) => void,
): MaskState {
  const plane = useRef<Plane>(emptyPlane({ width: 1, height: 1 }));
  const history = useRef(new MaskHistory());
  const stroke = useRef<{ stroke: Stroke; tip: Tip } | null>(null);
  const [ready, setReady] = useState(false);
  const [now, setNow] = useState({ isEmpty: true, isPainted: false, canUndo: false, canRedo: false });

  const show = useCallback(
    (rect: Rect) => {
      const pen = canvas.current?.getContext('2d');
      if (!pen || rect.width * rect.height === 0) return;
      pen.putImageData(
        new ImageData(rgbaOf(plane.current, rect, COLOUR), rect.width, rect.height),
        rect.x,
        rect.y,
      );
    },
    [canvas],
  );
  const changed = useCallback(() => {
    const { isPainted, canUndo, canRedo } = history.current;
    setNow({ isEmpty: isBlank(plane.current), isPainted, canUndo, canRedo });
  }, []);

  const problem = useRef(onProblem);
  problem.current = onProblem;
  const framed = useRef(onFrame);
  framed.current = onFrame;
  useEffect(() => {
    let left = false;
    const size = { width: picture.width, height: picture.height };
    const take = (loaded: Plane) => {
      if (left) return;
      plane.current = loaded;
      show(whole(loaded));
      changed();
      setReady(true);
    };
    if (!held) take(emptyPlane(size));
    else
      pixelsOf(held.url, size).then(
        (rgba) => take(fromPicture(rgba, size)),
        (error) => {
          problem.current(error);
          take(emptyPlane(size));
        },
      );
    return () => {
      left = true;
    };
  }, [picture.width, picture.height, held, show, changed]);

  return useMemo(() => {
    const step = (rect: Rect | null) => {
      if (!rect) return;
      show(rect);
      changed();
    };
    const move = (change: Change | null) => {
      if (change && 'rect' in change) step(change.rect);
      else if (change) {
        framed.current(change.frame);
        changed();
      }
    };
    const end = (kept: boolean) => {
      const open = stroke.current?.stroke;
      stroke.current = null;
      if (!open?.touched) return;
      if (kept) history.current.add(open.before, open.touched);
      else plane.current.values.set(open.before.values);
      step(joined(null, open.touched));
    };
    return {
      ...now,
      ready,
      plane: () => plane.current,
      replace: (next) => {
        end(true);
        history.current.add(plane.current, whole(plane.current));
        plane.current = next;
        step(whole(next));
      },
      addFrame: (from, to, field) => {
        history.current.addFrame(from, to, field);
        changed();
      },
      isTyping: () => history.current.isTyping,
      endTyping: () => history.current.endTyping(),
      undo: () => (stroke.current ? end(false) : move(history.current.undo(plane.current))),
      redo: () => stroke.current === null && move(history.current.redo(plane.current)),
      begin: (tip, brush) => {
        stroke.current = { stroke: new Stroke(plane.current, brush), tip };
        show(stroke.current.stroke.line(tip, tip));
      },
      lineTo: (tip) => {
        const open = stroke.current;
        if (!open) return;
        show(open.stroke.line(open.tip, tip));
        open.tip = tip;
      },
      end,
    } satisfies MaskState;
  }, [now, ready, show, changed]);
}
