/** The loss over the steps: each point faint, their running mean as a line. Grows while the run continues. */
import type { LossPoint } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { curveOf, HEIGHT, WIDTH } from './curve.ts';
import styles from './loss-curve.module.css';

export function LossCurve({ loss, steps }: { loss: LossPoint[]; steps: number }) {
  const { t } = useTranslation();
  const curve = curveOf(loss, steps);
  if (!curve) return <div className={styles.empty}>{t('training.noLoss')}</div>;
  const { first, last } = curve;
  return (
    <figure className={styles.curve}>
      <div className={styles.plot}>
        {/* Beside the curve: a young one is no wider than the figures. */}
        <div className={styles.axis} aria-hidden="true">
          <span>{curve.high.toFixed(2)}</span>
          <span>{curve.low.toFixed(2)}</span>
        </div>
        <svg
          viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
          preserveAspectRatio="none"
          role="img"
          aria-label={t('training.lossLabel', { first: first.toFixed(3), last: last.toFixed(3) })}
        >
          {curve.lines.map((y) => (
            <line key={y} className={styles.line} x1="0" x2={WIDTH} y1={y} y2={y} />
          ))}
          <path className={styles.raw} d={curve.raw} />
          <path className={styles.mean} d={curve.mean} />
        </svg>
      </div>
      <figcaption>
        <span>{t('training.lossNow', { last: last.toFixed(3), first: first.toFixed(3) })}</span>
        <span>{t('training.stepsAxis', { steps })}</span>
      </figcaption>
    </figure>
  );
}
