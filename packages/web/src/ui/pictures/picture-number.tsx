import type { ReactNode } from 'react';
import styles from './picture-number.module.css';

/** Which of its batch a picture is, in its corner; a small tile has no room for it. */
export function PictureNumber({ children }: { children: ReactNode }) {
  return <span className={styles.number}>{children}</span>;
}
