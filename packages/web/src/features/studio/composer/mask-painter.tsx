/**
 * Paints the part that should change over the picture. The mask is a PNG of the picture's own size, white where the
 * model may paint; it is uploaded when the brush is lifted.
 */
import { Button, Slider } from 'antd';
import { type PointerEvent, useCallback, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { compose, type Picture } from '../../../state/draft/draft.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './mask-painter.module.css';
import frame from './picture-frame.module.css';
import { uploadPicture } from './take-input-file.ts';

const PAINT = 'rgb(230 180 80)';

export default function MaskPainter({ picture, onRemove }: { picture: Picture; onRemove: () => void }) {
  const { t } = useTranslation();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [brush, setBrush] = useState(0.12);
  const last = useRef<{ x: number; y: number } | null>(null);

  const clear = useCallback(() => {
    canvas.current?.getContext('2d')?.clearRect(0, 0, picture.width, picture.height);
    compose({ mask: null });
  }, [picture]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another picture starts with an empty mask
  useEffect(clear, [picture.ref]);

  const stroke = (event: PointerEvent<HTMLCanvasElement>) => {
    const context = canvas.current?.getContext('2d');
    if (!context || event.buttons === 0) return;
    const at = positionOn(event, picture);
    const from = last.current ?? at;
    context.strokeStyle = PAINT;
    context.lineCap = 'round';
    context.lineWidth = brush * Math.max(picture.width, picture.height);
    context.beginPath();
    context.moveTo(from.x, from.y);
    context.lineTo(at.x + 0.01, at.y);
    context.stroke();
    last.current = at;
  };
  const lift = async () => {
    if (!last.current || !canvas.current) return;
    last.current = null;
    const file = await maskFile(canvas.current);
    const mask = await uploadPicture(file);
    if (mask) compose({ mask });
  };
  return (
    <div className={styles.painter}>
      <div
        className={`${styles.stage} checkerboard`}
        style={{ aspectRatio: `${picture.width} / ${picture.height}` }}
      >
        <img src={picture.url} alt={t('composer.input')} />
        <canvas
          ref={canvas}
          width={picture.width}
          height={picture.height}
          role="img"
          aria-label={t('composer.mask')}
          onPointerDown={(event) => {
            event.currentTarget.setPointerCapture(event.pointerId);
            stroke(event);
          }}
          onPointerMove={stroke}
          onPointerUp={() => void lift()}
        />
        <span className={frame.tools}>
          <IconButton icon="close" label={t('composer.inputRemove')} onClick={onRemove} />
        </span>
      </div>
      <p>{t('composer.maskHint')}</p>
      <div className={styles.brush}>
        <span>{t('composer.maskBrush')}</span>
        <Slider
          ariaLabelForHandle={t('composer.maskBrush')}
          min={0.02}
          max={0.4}
          step={0.01}
          value={brush}
          tooltip={{ open: false }}
          onChange={setBrush}
        />
        <Button size="small" onClick={clear}>
          {t('composer.maskClear')}
        </Button>
      </div>
    </div>
  );
}

function positionOn(event: PointerEvent<HTMLCanvasElement>, picture: Picture) {
  const box = event.currentTarget.getBoundingClientRect();
  return {
    x: ((event.clientX - box.left) / box.width) * picture.width,
    y: ((event.clientY - box.top) / box.height) * picture.height,
  };
}

/** White on black, without the colour it is shown in. */
async function maskFile(painted: HTMLCanvasElement): Promise<File> {
  const mask = document.createElement('canvas');
  mask.width = painted.width;
  mask.height = painted.height;
  const context = mask.getContext('2d');
  if (!context) throw new Error('no canvas');
  context.drawImage(painted, 0, 0);
  context.globalCompositeOperation = 'source-in';
  context.fillStyle = '#fff';
  context.fillRect(0, 0, mask.width, mask.height);
  context.globalCompositeOperation = 'destination-over';
  context.fillStyle = '#000';
  context.fillRect(0, 0, mask.width, mask.height);
  const blob = await new Promise<Blob | null>((resolve) => mask.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('no mask');
  return new File([blob], 'mask.png', { type: 'image/png' });
}
