/** The frame in the editor: dragged, typed and chosen. Each finished change is a step of the history that it shares with the mask. */
import { type Margins, OUTPAINT_SIDES, type Outpaint, type Size } from '@limner/contract';
import { useRef, useState } from 'react';
import { withMargin } from './frame.ts';

type AddStep = (from: Outpaint, to: Outpaint, field?: string | null) => void;

export interface FrameState {
  frame: Outpaint;
  /** The frame that the view has room for: it stays while a handle is dragged. */
  settled: Outpaint;
  /** Without a step: the history undoes or redoes one. */
  show: (frame: Outpaint) => void;
  /** @param field that was typed into */
  choose: (frame: Outpaint, field?: string | null) => void;
  /** @param isOver the handle was let go, or moved by a key */
  drag: (wanted: Partial<Margins>, isOver: boolean) => void;
  /** Takes back the drag that goes on: the handle moves nothing until it is let go. False: none goes on, or it was. */
  takeBack: () => boolean;
  isDragged: () => boolean;
}

/** @param addStep is called after an event, when the history is there */
export function useFrame(picture: Size, step: number, first: Outpaint, addStep: AddStep): FrameState {
  const [frame, setFrame] = useState(first);
  const [settled, setSettled] = useState(first);
  const open = useRef<{ from: Outpaint; isTakenBack: boolean } | null>(null);
  const show = (next: Outpaint) => {
    setFrame(next);
    setSettled(next);
  };
  return {
    ...{ frame, settled, show },
    choose: (next, field) => {
      addStep(frame, next, field);
      show(next);
    },
    drag: (wanted, isOver) => {
      open.current ??= { from: frame, isTakenBack: false };
      const { from, isTakenBack } = open.current;
      if (isOver) open.current = null;
      if (isTakenBack) return;
      let next = frame;
      for (const side of OUTPAINT_SIDES) {
        const px = wanted[side];
        if (px !== undefined) next = { ...next, ...withMargin(picture, next, side, px, step) };
      }
      setFrame(next);
      if (!isOver) return;
      setSettled(next);
      addStep(from, next);
    },
    takeBack: () => {
      if (!open.current || open.current.isTakenBack) return false;
      open.current.isTakenBack = true;
      show(open.current.from);
      return true;
    },
    isDragged: () => open.current !== null,
  };
}
