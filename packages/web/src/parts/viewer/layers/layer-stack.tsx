/** The layers of a picture over each other. A selected layer is moved by dragging it, or with the arrow keys. */
import type { ArrangedLayer, Frame, Task } from '@limner/contract';
import { type KeyboardEvent, type PointerEvent, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { movedTo } from '../../../state/layers/arrangement.ts';
import { type LayersOfPicture, useLayers } from '../../../state/layers/arrangements.ts';
import { useLayerName } from './layer-name.ts';
import styles from './layer-stack.module.css';

interface LayerStackProps {
  task: Task;
  frame: Frame;
  alt: string;
  /** Screen pixels for a pixel of the picture. */
  scale: number;
}

export function LayerStack({ task, frame, alt, scale }: LayerStackProps) {
  const shown = useLayers(task, frame);
  const selected = shown.arranged.find(({ place }) => place === shown.selected);
  return (
    <>
      <div role="img" aria-label={alt}>
        {shown.arranged.map((arranged) => (
          <Layer key={arranged.place} arranged={arranged} shown={shown} scale={scale} />
        ))}
      </div>
      {selected && <Grip shown={shown} selected={selected} scale={scale} />}
    </>
  );
}

interface LayerProps {
  arranged: ArrangedLayer;
  shown: LayersOfPicture;
  scale: number;
}

function Layer({ arranged: { place, visible, opacity, left, top }, shown, scale }: LayerProps) {
  const output = shown.layers.find((layer) => layer.place === place);
  const isShown = shown.alone === null ? visible : shown.alone === place;
  if (!output || !isShown) return null;
  return (
    <img
      className={styles.layer}
      src={output.url}
      alt=""
      draggable={false}
      data-place={place}
      style={{
        left: left * scale,
        top: top * scale,
        width: output.width * scale,
        height: output.height * scale,
        opacity,
      }}
    />
  );
}

const STEP_PX = 1;
const LARGE_STEP_PX = 10;
const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** Covers the picture while a layer is selected. */
function Grip({
  shown,
  selected,
  scale,
}: {
  shown: LayersOfPicture;
  selected: ArrangedLayer;
  scale: number;
}) {
  const { t } = useTranslation();
  const nameOf = useLayerName(shown.layers);
  const from = useRef<{ x: number; y: number; left: number; top: number } | null>(null);
  const { place, left, top } = selected;
  const move = (toLeft: number, toTop: number) => shown.arrange((all) => movedTo(all, place, toLeft, toTop));
  const pressed = (event: KeyboardEvent) => {
    const direction = DIRECTIONS[event.key];
    if (!direction) return;
    event.preventDefault();
    const step = event.shiftKey ? LARGE_STEP_PX : STEP_PX;
    move(left + step * direction[0], top + step * direction[1]);
  };
  const down = (event: PointerEvent<HTMLElement>) => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    from.current = { x: event.clientX, y: event.clientY, left, top };
  };
  const dragged = (event: PointerEvent) => {
    const { current } = from;
    if (!current) return;
    move(
      current.left + (event.clientX - current.x) / scale,
      current.top + (event.clientY - current.y) / scale,
    );
  };
  const up = () => {
    from.current = null;
  };
  return (
    <button
      type="button"
      className={styles.grip}
      aria-label={t('layers.move', { name: nameOf(selected) })}
      title={t('layers.moveHint')}
      data-own-keys="ArrowLeft ArrowRight ArrowUp ArrowDown"
      onKeyDown={pressed}
      onPointerDown={down}
      onPointerMove={dragged}
      onPointerUp={up}
      onPointerCancel={up}
    />
  );
}
