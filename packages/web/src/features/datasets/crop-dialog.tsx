/** Chooses the part of a picture that a training sees. Arrow keys move it, with Shift they size it. */
import { type Crop, cropPixels, type Dataset, type DatasetPicture, fitBucket } from '@limner/contract';
import { Button, Modal, Segmented } from 'antd';
import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { attempt } from '../../state/task-actions.ts';
import { thumbUrl } from '../../ui/pictures/thumb.tsx';
import { isWhole, moved, sized, WHOLE, withRatio } from './crop-rect.ts';
import styles from './dataset.module.css';

const RATIOS = [
  ['free', null],
  ['1:1', 1],
  ['4:3', 4 / 3],
  ['3:4', 3 / 4],
  ['16:9', 16 / 9],
  ['9:16', 9 / 16],
] as const;
const STEP = 0.01;
const RESOLUTION = 1024;
const SHOWN_PX = 512;

interface CropDialogProps {
  set: Dataset;
  picture: DatasetPicture;
  onChange: (set: Dataset) => void;
  onClose: () => void;
}

export function CropDialog({ set, picture, onChange, onClose }: CropDialogProps) {
  const { t } = useTranslation();
  const [crop, setCrop] = useState<Crop>(picture.crop ?? WHOLE);
  const [ratioName, setRatioName] = useState<string>('free');
  const ratio = RATIOS.find(([name]) => name === ratioName)?.[1] ?? null;
  const drag = useRef<{ x: number; y: number; from: Crop; resizes: boolean } | null>(null);
  const save = (chosen: Crop | null) =>
    attempt(async () => {
      const body = { changes: [{ id: picture.id, crop: chosen }] };
      onChange(await api.call('changeDatasetPictures', { params: { id: set.id }, body }));
      onClose();
    });

  const start = (event: PointerEvent<HTMLElement>, resizes: boolean) => {
    event.stopPropagation();
    event.currentTarget.setPointerCapture(event.pointerId);
    drag.current = { x: event.clientX, y: event.clientY, from: crop, resizes };
  };
  const dragged = ({ clientX, clientY, currentTarget }: PointerEvent<HTMLElement>) => {
    const box = currentTarget.closest('[data-picture-box]')?.getBoundingClientRect();
    if (!drag.current || !box) return;
    const { x, y, from, resizes } = drag.current;
    const [dx, dy] = [(clientX - x) / box.width, (clientY - y) / box.height];
    setCrop(resizes ? sized(from, dx, dy, ratio, picture) : moved(from, dx, dy));
  };
  const dropped = () => {
    drag.current = null;
  };
  const pressed = (event: KeyboardEvent) => {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    if (!way) return;
    event.preventDefault();
    const [dx, dy] = [STEP * (way[0] ?? 0), STEP * (way[1] ?? 0)];
    // With a ratio the width decides, so up and down size too.
    setCrop(
      event.shiftKey ? sized(crop, ratio === null ? dx : dx + dy, dy, ratio, picture) : moved(crop, dx, dy),
    );
  };

  const seen = cropPixels(picture, crop);
  const { bucket, lost } = fitBucket(seen, RESOLUTION);
  return (
    <Modal
      open
      centered
      width={640}
      title={t('datasets.cropOf', { name: picture.name })}
      onCancel={onClose}
      footer={
        <div className={styles.foot}>
          <Button disabled={!picture.crop} onClick={() => void save(null)}>
            {t('datasets.uncrop')}
          </Button>
          <Button type="primary" onClick={() => void save(isWhole(crop) ? null : crop)}>
            {t('datasets.crop')}
          </Button>
        </div>
      }
    >
      <div className={styles.dialog}>
        <Segmented
          value={ratioName}
          aria-label={t('datasets.ratio')}
          onChange={(name) => {
            setRatioName(name);
            setCrop(withRatio(crop, RATIOS.find(([known]) => known === name)?.[1] ?? null, picture));
          }}
          options={RATIOS.map(([name]) => ({
            value: name,
            label: name === 'free' ? t('datasets.free') : name,
          }))}
        />
        <div className={styles.stage}>
          <div className={styles.cropBox} data-picture-box>
            <img src={thumbUrl(picture.url, SHOWN_PX)} alt={picture.name} draggable={false} />
            <div
              role="slider"
              tabIndex={0}
              aria-label={t('datasets.cropArea')}
              aria-valuenow={Math.round(100 * crop.x)}
              aria-valuetext={`${seen.left}, ${seen.top}, ${seen.width} × ${seen.height}`}
              className={styles.crop}
              style={{
                left: `${100 * crop.x}%`,
                top: `${100 * crop.y}%`,
                width: `${100 * crop.width}%`,
                height: `${100 * crop.height}%`,
              }}
              onPointerDown={(event) => start(event, false)}
              onPointerMove={dragged}
              onPointerUp={dropped}
              onKeyDown={pressed}
            >
              <span
                className={styles.handle}
                onPointerDown={(event) => start(event, true)}
                onPointerMove={dragged}
                onPointerUp={dropped}
              />
            </div>
          </div>
        </div>
        <p className={styles.quiet} role="status">
          {t('datasets.cropSize', {
            width: seen.width,
            height: seen.height,
            bucket: `${bucket.width} × ${bucket.height}`,
            percent: Math.round(100 * lost),
          })}
        </p>
        <p className={styles.quiet}>{t('datasets.cropKeys')}</p>
      </div>
    </Modal>
  );
}
