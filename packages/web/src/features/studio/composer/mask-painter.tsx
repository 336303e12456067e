/** Paints the mask over the picture. The mask is a PNG of the picture's own size, white where the model may paint. */
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Picture } from '../../../state/draft/draft.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './mask-painter.module.css';
import { drawStroke, type MaskStep, type Point } from './mask-strokes.ts';
import { type MaskTool, MaskTools } from './mask-tools.tsx';
import frame from './picture-frame.module.css';
import { useMask } from './use-mask.ts';

type Stroke = Extract<MaskStep, { kind: 'stroke' }>;

export default function MaskPainter({ picture, onRemove }: { picture: Picture; onRemove: () => void }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const stroke = useRef<Stroke | null>(null);
  const [tool, setTool] = useState<MaskTool>('paint');
  const [brush, setBrush] = useState(0.12);
  const [zoom, setZoom] = useState(1);
  const mask = useMask(canvas, picture);

  const down = (event: PointerEvent<HTMLCanvasElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    if (tool === 'move') return;
    const width = brush * Math.max(picture.width, picture.height);
    stroke.current = { kind: 'stroke', erase: tool === 'erase', width, points: [] };
    draw(event);
  };
  const draw = (event: PointerEvent<HTMLCanvasElement>) => {
    if (event.buttons === 0) return;
    if (tool === 'move') return room.current?.scrollBy(-event.movementX, -event.movementY);
    const pen = event.currentTarget.getContext('2d');
    if (!pen || !stroke.current) return;
    stroke.current.points.push(positionOn(event, picture));
    drawStroke(pen, stroke.current, stroke.current.points.length - 2);
  };
  const lift = () => {
    if (stroke.current) mask.add(stroke.current);
    stroke.current = null;
  };
  const pressed = (event: KeyboardEvent) => {
    if (!(event.metaKey || event.ctrlKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (event.shiftKey) mask.redo();
    else mask.undo();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: handles keys of its children
    <div className={styles.painter} onKeyDown={pressed}>
      <div
        className={`${styles.surface} checkerboard`}
        style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
      >
        <div ref={room} className={styles.room}>
          <div className={styles.sheet} style={{ width: `${zoom * 100}%`, height: `${zoom * 100}%` }}>
            <img src={picture.url} alt={t('composer.input')} draggable={false} />
            <canvas
              ref={canvas}
              width={picture.width}
              height={picture.height}
              data-tool={tool}
              role="img"
              tabIndex={0}
              aria-label={t('composer.mask')}
              onPointerDown={down}
              onPointerMove={draw}
              onPointerUp={lift}
              onPointerCancel={lift}
            />
          </div>
        </div>
        <span className={frame.tools}>
          <IconButton icon="close" label={t('composer.inputRemove')} onClick={onRemove} />
        </span>
      </div>
      <p>{t('composer.maskHint')}</p>
      <MaskTools {...{ mask, tool, setTool, brush, setBrush, zoom, setZoom }} />
    </div>
  );
}

function positionOn(event: PointerEvent<HTMLCanvasElement>, picture: Picture): Point {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) / box.width) * picture.width,
    y: ((event.clientY - box.top) / box.height) * picture.height,
  };
}
