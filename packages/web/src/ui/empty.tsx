import type { ReactNode } from 'react';
import styles from './empty.module.css';

/** A serif sentence and one way on. */
export function Empty({ sentence, children }: { sentence: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.sentence}>{sentence}</p>
      {children}
    </div>
  );
}
