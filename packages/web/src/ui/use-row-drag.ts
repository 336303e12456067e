/** Drags a row of a list by its handle, with a mouse or a finger. */
import { type PointerEvent, type RefObject, useRef, useState } from 'react';

export interface RowDrag {
  /** The number of the row that is dragged. */
  dragged: number | null;
  /** The index at which a drop would put it. */
  over: number | null;
  begin: (event: PointerEvent<HTMLElement>, row: number, name: string) => void;
}

export function useRowDrag(
  list: RefObject<HTMLElement | null>,
  onDrop: (row: number, name: string, to: number) => void,
): RowDrag {
  const [dragged, setDragged] = useState<number | null>(null);
  const [over, setOver] = useState<number | null>(null);
  const drop = useRef(onDrop);
  drop.current = onDrop;

  const begin = (event: PointerEvent<HTMLElement>, row: number, name: string) => {
    if (event.button !== 0) return;
    const handle = event.currentTarget;
    const { pointerId } = event;
    handle.setPointerCapture(pointerId);
    let place: number | null = null;
    const moved = ({ clientY }: globalThis.PointerEvent) => {
      place = placeAt(list.current, clientY);
      setDragged(row);
      setOver(place);
    };
    const ended = (cancelled: boolean) => {
      handle.removeEventListener('pointermove', moved);
      handle.removeEventListener('pointerup', up);
      handle.removeEventListener('pointercancel', cancel);
      setDragged(null);
      setOver(null);
      if (!cancelled && place !== null) drop.current(row, name, place);
    };
    const up = () => ended(false);
    const cancel = () => ended(true);
    handle.addEventListener('pointermove', moved);
    handle.addEventListener('pointerup', up);
    handle.addEventListener('pointercancel', cancel);
  };
  return { dragged, over, begin };
}

/** The index of the row at this height; the first above all rows, the last below them. */
function placeAt(list: HTMLElement | null, y: number): number | null {
  const rows = [...(list?.querySelectorAll<HTMLElement>('[data-row]') ?? [])];
  if (rows.length === 0) return null;
  const at = rows.findIndex((row) => y < row.getBoundingClientRect().bottom);
  return at < 0 ? rows.length - 1 : at;
}
