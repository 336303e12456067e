import { type ArrangedLayer, MAX_LAYER_NAME_CHARS } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { changed, movedTo } from '../../../state/layers/arrangement.ts';
import type { LayersOfPicture } from '../../../state/layers/arrangements.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import type { RowDrag } from '../../../ui/use-row-drag.ts';
import { useLayerName } from './layer-name.ts';
import styles from './layers-panel.module.css';

const THUMB_PX = 44;

interface LayerRowProps {
  layer: ArrangedLayer;
  /** From the topmost. */
  at: number;
  shown: LayersOfPicture;
  drag: RowDrag;
  onMove: (to: number) => void;
}

export function LayerRow({ layer, at, shown, drag, onMove }: LayerRowProps) {
  const { t } = useTranslation();
  const nameOf = useLayerName(shown.layers);
  const { place, visible } = layer;
  const name = nameOf(layer);
  const isSelected = shown.selected === place;
  const isAlone = shown.alone === place;
  const change = (next: Partial<ArrangedLayer>) => shown.arrange((all) => changed(all, place, next));
  const output = shown.layers.find((each) => each.place === place);
  return (
    <li
      className={styles.row}
      data-row
      data-selected={isSelected}
      data-hidden={!visible}
      data-dragged={drag.dragged === place}
      data-over={drag.dragged !== null && drag.over === at}
    >
      <div className={styles.line}>
        <button
          type="button"
          className={styles.thumb}
          aria-label={t('layers.select', { name })}
          title={t('layers.selectHint')}
          aria-pressed={isSelected}
          onClick={() => shown.change({ selected: isSelected ? null : place })}
        >
          {output && <Thumb url={output.url} alt="" width={THUMB_PX} fit="contain" plain />}
        </button>
        <input
          className={styles.name}
          aria-label={t('layers.name', { name })}
          value={layer.name ?? ''}
          placeholder={name}
          maxLength={MAX_LAYER_NAME_CHARS}
          onChange={({ target }) => change({ name: target.value === '' ? undefined : target.value })}
          onBlur={() => change({ name: layer.name?.trim() || undefined })}
        />
        <IconButton
          icon={visible ? 'eye' : 'eyeOff'}
          label={t(visible ? 'layers.hide' : 'layers.show', { name })}
          onClick={() => change({ visible: !visible })}
        />
        <IconButton
          icon="target"
          label={t('layers.alone', { name })}
          pressed={isAlone}
          onClick={() => shown.change({ alone: isAlone ? null : place })}
        />
        <IconButton
          icon="up"
          label={t('layers.up', { name })}
          disabled={at === 0}
          onClick={() => onMove(at - 1)}
        />
        <IconButton
          icon="down"
          label={t('layers.down', { name })}
          disabled={at === shown.arranged.length - 1}
          onClick={() => onMove(at + 1)}
        />
        <span
          className={styles.handle}
          aria-hidden="true"
          title={t('layers.drag')}
          onPointerDown={(event) => drag.begin(event, place, name)}
        >
          ⠿
        </span>
      </div>
      {isSelected && <Settings layer={layer} shown={shown} />}
    </li>
  );
}

function Settings({ layer, shown }: Pick<LayerRowProps, 'layer' | 'shown'>) {
  const { t } = useTranslation();
  const { place, opacity, left, top } = layer;
  const percent = Math.round(100 * opacity);
  const move = (toLeft: number, toTop: number) => shown.arrange((all) => movedTo(all, place, toLeft, toTop));
  return (
    <div className={styles.settings}>
      <label className={styles.opacity}>
        {t('layers.opacity')}
        <input
          type="range"
          min={0}
          max={100}
          value={percent}
          aria-valuetext={`${percent} %`}
          onChange={({ target }) =>
            shown.arrange((all) => changed(all, place, { opacity: Number(target.value) / 100 }))
          }
        />
        <output>{percent} %</output>
      </label>
      <div className={styles.place}>
        <Coordinate label={t('layers.left')} value={left} onValue={(next) => move(next, top)} />
        <Coordinate label={t('layers.top')} value={top} onValue={(next) => move(left, next)} />
        <IconButton
          icon="undo"
          label={t('layers.moveBack')}
          disabled={left === 0 && top === 0}
          onClick={() => move(0, 0)}
        />
      </div>
    </div>
  );
}

function Coordinate(props: { label: string; value: number; onValue: (value: number) => void }) {
  const { label, value, onValue } = props;
  return (
    <label>
      {label}
      <input
        type="number"
        step={1}
        value={value}
        onChange={({ target }) => {
          if (Number.isFinite(target.valueAsNumber)) onValue(target.valueAsNumber);
        }}
      />
    </label>
  );
}
