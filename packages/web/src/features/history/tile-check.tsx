/** Selects a task: by its check box, a long touch, or ⌘/Ctrl, and a range with Shift. */
import type { TFunction } from 'i18next';
import { type MouseEvent, type PointerEvent, useRef } from 'react';
import { Icon } from '../../ui/icon.tsx';
import { isSelecting, toggle } from './selection.ts';
import styles from './tile-check.module.css';

export interface TileHandlers {
  /** Passed in, because looking it up costs more than the rest of a tile. */
  t: TFunction;
  onShow: (id: number) => void;
  /** Selects the range from the last selected task to this one. */
  onRange: (id: number) => void;
}

export function TileCheck({
  id,
  chosen,
  t,
  onRange,
}: { id: number; chosen: boolean } & Pick<TileHandlers, 't' | 'onRange'>) {
  const label = t('select.choose', { id });
  return (
    // biome-ignore lint/a11y/useSemanticElements: it lies over a picture and is drawn as a disc
    <button
      type="button"
      role="checkbox"
      className={styles.check}
      aria-checked={chosen}
      aria-label={label}
      title={label}
      onClick={(event) => (event.shiftKey ? onRange(id) : toggle(id))}
    >
      {chosen && <Icon name="check" size={14} />}
    </button>
  );
}

const LONG_TOUCH_MS = 450;

/** A press shows a task, or selects it while others are selected. */
export function usePress(id: number, { onShow, onRange }: Pick<TileHandlers, 'onShow' | 'onRange'>) {
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const wasLong = useRef(false);
  const release = () => clearTimeout(timer.current);
  return {
    onClick(event: MouseEvent) {
      if (wasLong.current) wasLong.current = false;
      else if (event.shiftKey) onRange(id);
      else if (event.metaKey || event.ctrlKey || isSelecting()) toggle(id);
      else onShow(id);
    },
    onPointerDown(event: PointerEvent) {
      wasLong.current = false;
      if (event.pointerType !== 'touch') return;
      timer.current = setTimeout(() => {
        wasLong.current = true;
        toggle(id);
      }, LONG_TOUCH_MS);
    },
    onPointerUp: release,
    onPointerLeave: release,
    onPointerCancel: release,
    onContextMenu(event: MouseEvent) {
      if (wasLong.current) event.preventDefault();
    },
  };
}
