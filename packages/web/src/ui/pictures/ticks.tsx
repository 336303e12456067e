import type { Frame } from '@limner/contract';
import { type CSSProperties, memo } from 'react';
import styles from './ticks.module.css';

/** One segment per picture: ink done, gold filling, cinnabar failed. The text beside it says the same. */
export const Ticks = memo(function Ticks({ frames }: { frames: Frame[] }) {
  return (
    <div className={styles.ticks} aria-hidden="true">
      {frames.map((frame) => (
        <i
          key={frame.index}
          data-status={frame.status}
          style={{ '--done': `${frame.progress * 100}%` } as CSSProperties}
        />
      ))}
    </div>
  );
});
