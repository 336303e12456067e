/** The layers of a picture as a list, the topmost first: shown, hidden, faded, moved, reordered, exported. */
import type { Frame, Task } from '@limner/contract';
import { type RefObject, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reordered } from '../../../state/layers/arrangement.ts';
import { useLayers } from '../../../state/layers/arrangements.ts';
import { useRowDrag } from '../../../ui/use-row-drag.ts';
import { useLayerName } from './layer-name.ts';
import { LayerRow } from './layer-row.tsx';
import { LayersFoot } from './layers-foot.tsx';
import styles from './layers-panel.module.css';

export function LayersPanel({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const shown = useLayers(task, frame);
  const nameOf = useLayerName(shown.layers);
  const list = useRef<HTMLOListElement>(null);
  const [news, setNews] = useState('');
  const topmostFirst = [...shown.arranged].reverse();

  /** `to` counts from the topmost. */
  const move = (place: number, name: string, to: number) => {
    const last = shown.arranged.length - 1;
    const target = Math.min(last, Math.max(0, to));
    shown.arrange((all) => reordered(all, place, last - target));
    setNews(t('layers.moved', { name, n: target + 1, total: last + 1 }));
  };
  const drag = useRowDrag(list as RefObject<HTMLElement | null>, move);
  return (
    <aside className={styles.panel} aria-label={t('layers.title')}>
      <ol ref={list} className={styles.rows} aria-label={t('layers.order')}>
        {topmostFirst.map((layer, at) => (
          <LayerRow
            key={layer.place}
            layer={layer}
            at={at}
            shown={shown}
            drag={drag}
            onMove={(to) => move(layer.place, nameOf(layer), to)}
          />
        ))}
      </ol>
      <span className="visually-hidden" role="status">
        {news}
      </span>
      {frame.output && <LayersFoot picture={frame.output} shown={shown} />}
    </aside>
  );
}
