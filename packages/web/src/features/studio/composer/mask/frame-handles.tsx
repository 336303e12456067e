/** The frame of an extended picture: its sides are sliders for pointer and keyboard, its corners move two of them. */
import type { Margins, OutpaintSide, Size } from '@limner/contract';
import { extendedSize, MAX_MARGIN_PX, OUTPAINT_SIDES } from '@limner/contract';
import { type CSSProperties, type KeyboardEvent, type PointerEvent, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './mask-editor.module.css';

const CORNERS = [
  ['left', 'top'],
  ['right', 'top'],
  ['left', 'bottom'],
  ['right', 'bottom'],
] as const satisfies OutpaintSide[][];

/** Outwards along x and y. */
const WAY = { left: [-1, 0], right: [1, 0], top: [0, -1], bottom: [0, 1] } as const;

interface FrameHandlesProps {
  picture: Size;
  margins: Margins;
  /** Window pixels per pixel of the picture. */
  scale: number;
  style: CSSProperties;
  /** `done`: the pointer was lifted, or a key moved the side. */
  onMove: (wanted: Partial<Margins>, done: boolean) => void;
  step: number;
}

export function FrameHandles({ picture, margins, scale, style, onMove, step }: FrameHandlesProps) {
  const { t } = useTranslation();
  const start = useRef<{ x: number; y: number; margins: Margins } | null>(null);
  /** The drag ends where it is. */
  const leave = () => {
    if (start.current) onMove({}, true);
    start.current = null;
  };
  const left = useRef(leave);
  left.current = leave;
  useEffect(() => () => left.current(), []);
  const drag = (sides: readonly OutpaintSide[]) => {
    const moved = (event: PointerEvent<HTMLElement>, done: boolean) => {
      if (!start.current) return;
      const { x, y, margins: from } = start.current;
      const [dx, dy] = [(event.clientX - x) / scale, (event.clientY - y) / scale];
      onMove(
        Object.fromEntries(sides.map((side) => [side, from[side] + WAY[side][0] * dx + WAY[side][1] * dy])),
        done,
      );
    };
    return {
      onPointerDown: (event: PointerEvent<HTMLElement>) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, y: event.clientY, margins };
      },
      onPointerMove: (event: PointerEvent<HTMLElement>) => moved(event, false),
      onPointerUp: (event: PointerEvent<HTMLElement>) => {
        moved(event, true);
        start.current = null;
      },
      onPointerCancel: leave,
    };
  };
  const pressed = (side: OutpaintSide) => (event: KeyboardEvent) => {
    const [wx, wy] = WAY[side];
    const along = { ArrowRight: wx, ArrowLeft: -wx, ArrowDown: wy, ArrowUp: -wy }[event.key];
    if (!along && event.key !== 'Home') return;
    event.preventDefault();
    onMove({ [side]: along ? margins[side] + along * step * (event.shiftKey ? 8 : 1) : 0 }, true);
  };
  const { width, height } = extendedSize(picture, margins);
  return (
    <div className={styles.frame} style={style} data-frame>
      <span className={styles.frameSize}>{t('composer.sizeOf', { width, height })}</span>
      {OUTPAINT_SIDES.map((side) => (
        <div
          key={side}
          className={styles.side}
          data-handle={side}
          role="slider"
          tabIndex={0}
          aria-label={t(`mask.side.${side}`)}
          aria-orientation={side === 'left' || side === 'right' ? 'horizontal' : 'vertical'}
          aria-valuemin={0}
          aria-valuemax={MAX_MARGIN_PX}
          aria-valuenow={margins[side]}
          aria-valuetext={t('mask.px', { px: margins[side] })}
          onKeyDown={pressed(side)}
          {...drag([side])}
        />
      ))}
      {CORNERS.map((sides) => (
        <div key={sides.join()} className={styles.corner} data-handle={sides.join('-')} {...drag(sides)} />
      ))}
    </div>
  );
}
