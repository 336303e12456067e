import { useTranslation } from 'react-i18next';
import { IconButton } from '../icon-button.tsx';
import { ZOOM_STEP, type Zoom } from './use-zoom.ts';
import styles from './zoom-bar.module.css';

/** Closer, farther, fitted, and one picture pixel on one of the screen. */
export function ZoomBar({ zoom }: { zoom: Zoom }) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.bar} aria-label={t('zoom.label')}>
      <IconButton icon="minus" label={t('zoom.out')} onClick={() => zoom.by(1 / ZOOM_STEP)} />
      <output className={styles.percent}>{t('zoom.percent', { percent: zoom.percent })}</output>
      <IconButton icon="plus" label={t('zoom.in')} onClick={() => zoom.by(ZOOM_STEP)} />
      <button type="button" aria-pressed={zoom.fits} onClick={zoom.fit}>
        {t('zoom.fit')}
      </button>
      <button type="button" aria-pressed={zoom.percent === 100} onClick={zoom.actual}>
        1 : 1
      </button>
    </fieldset>
  );
}
