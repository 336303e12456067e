import { useTranslation } from 'react-i18next';
import { SliderField } from '../../../parts/number/slider-field.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './mask-painter.module.css';
import type { Mask } from './use-mask.ts';

const TOOLS = [
  { tool: 'paint', icon: 'brush', label: 'composer.maskPaint' },
  { tool: 'erase', icon: 'eraser', label: 'composer.maskErase' },
  { tool: 'move', icon: 'move', label: 'composer.maskMove' },
] as const;

export type MaskTool = (typeof TOOLS)[number]['tool'];

const MAX_ZOOM = 8;
const BRUSH_PERCENT = { kind: 'whole', min: 1, max: 40, step: 1 } as const;

interface MaskToolsProps {
  mask: Mask;
  tool: MaskTool;
  setTool: (tool: MaskTool) => void;
  /** Share of the picture's longer side. */
  brush: number;
  setBrush: (brush: number) => void;
  zoom: number;
  setZoom: (zoom: number) => void;
}

export function MaskTools({ mask, tool, setTool, brush, setBrush, zoom, setZoom }: MaskToolsProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className={styles.tools} role="toolbar" aria-label={t('composer.mask')}>
        {TOOLS.map((one) => (
          <IconButton
            key={one.tool}
            icon={one.icon}
            label={t(one.label)}
            pressed={tool === one.tool}
            onClick={() => setTool(one.tool)}
          />
        ))}
        <IconButton icon="undo" label={t('composer.maskUndo')} disabled={!mask.canUndo} onClick={mask.undo} />
        <IconButton icon="redo" label={t('composer.maskRedo')} disabled={!mask.canRedo} onClick={mask.redo} />
        <IconButton
          icon="invert"
          label={t('composer.maskInvert')}
          onClick={() => mask.add({ kind: 'invert' })}
        />
        <IconButton
          icon="trash"
          label={t('composer.maskClear')}
          onClick={() => mask.add({ kind: 'clear' })}
        />
        <IconButton
          icon="minus"
          label={t('composer.maskFarther')}
          disabled={zoom <= 1}
          onClick={() => setZoom(zoom / 2)}
        />
        <IconButton
          icon="plus"
          label={t('composer.maskCloser')}
          disabled={zoom >= MAX_ZOOM}
          onClick={() => setZoom(zoom * 2)}
        />
      </div>
      <SliderField
        name="brush"
        label={t('composer.maskBrush')}
        hint={t('composer.maskBrushHint')}
        range={BRUSH_PERCENT}
        unit="%"
        value={Math.round(brush * 100)}
        onValue={(percent) => setBrush(percent / 100)}
      />
    </>
  );
}
