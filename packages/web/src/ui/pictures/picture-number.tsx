import type { ReactNode } from 'react';
import styles from './picture-number.module.css';

/** The number of a picture in its batch; small tiles omit it. */
export function PictureNumber({ children }: { children: ReactNode }) {
  return <span className={styles.number}>{children}</span>;
}
