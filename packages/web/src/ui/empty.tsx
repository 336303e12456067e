import type { ReactNode } from 'react';
import styles from './empty.module.css';

/** An empty state: a sentence and an action. */
export function Empty({ sentence, children }: { sentence: string; children?: ReactNode }) {
  return (
    <div className={styles.empty}>
      <p className={styles.sentence}>{sentence}</p>
      {children}
    </div>
  );
}
