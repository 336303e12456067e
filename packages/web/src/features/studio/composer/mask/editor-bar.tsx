import { useTranslation } from 'react-i18next';
import { closeMaskEditor, editMask, type MaskTool } from '../../../../state/mask-editing.ts';
import { IconButton } from '../../../../ui/icon-button.tsx';
import type { Zoom } from '../../../../ui/zoom/use-zoom.ts';
import { ZoomBar } from '../../../../ui/zoom/zoom-bar.tsx';
import styles from './mask-editor.module.css';
import type { MaskState } from './use-plane.ts';

const TOOLS = [
  { tool: 'paint', icon: 'brush', label: 'composer.maskPaint' },
  { tool: 'erase', icon: 'eraser', label: 'composer.maskErase' },
  { tool: 'move', icon: 'move', label: 'composer.maskMove' },
  { tool: 'extend', icon: 'frame', label: 'mask.extend' },
] as const;

interface EditorBarProps {
  tool: MaskTool;
  canExtend: boolean;
  history: Pick<MaskState, 'canUndo' | 'canRedo' | 'undo' | 'redo'>;
  zoom: Zoom;
  isBusy: boolean;
  /** Something is wrong, and said where it is. */
  isRefused: boolean;
  onDone: () => void;
}

export function EditorBar({ tool, canExtend, history, zoom, isBusy, isRefused, onDone }: EditorBarProps) {
  const { t } = useTranslation();
  return (
    <header className={styles.bar}>
      <div className={styles.tools} role="toolbar" aria-label={t('composer.mask')}>
        {TOOLS.filter((one) => one.tool !== 'extend' || canExtend).map((one) => (
          <IconButton
            key={one.tool}
            icon={one.icon}
            label={t(one.label)}
            pressed={tool === one.tool}
            onClick={() => editMask(one.tool)}
          />
        ))}
        <IconButton
          icon="undo"
          label={t('composer.maskUndo')}
          disabled={isBusy || !history.canUndo}
          onClick={history.undo}
        />
        <IconButton
          icon="redo"
          label={t('composer.maskRedo')}
          disabled={isBusy || !history.canRedo}
          onClick={history.redo}
        />
      </div>
      <span className={styles.onPhone}>
        <IconButton icon="close" label={t('mask.discard')} onClick={closeMaskEditor} />
      </span>
      <ZoomBar zoom={zoom} />
      <span className={styles.space} />
      <button type="button" className={styles.plain} onClick={closeMaskEditor}>
        {t('mask.discard')}
      </button>
      <button type="button" className={styles.done} disabled={isBusy || isRefused} onClick={onDone}>
        {t('mask.done')}
      </button>
    </header>
  );
}
