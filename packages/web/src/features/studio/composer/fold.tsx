import { type ReactNode, useId, useState } from 'react';
import { Icon } from '../../../ui/icon.tsx';
import styles from './fold.module.css';

/** A collapsible part of the form, closed at first; its line summarises the content. */
export function Fold({ title, inside, children }: { title: string; inside: ReactNode; children: ReactNode }) {
  const [open, setOpen] = useState(false);
  const id = useId();
  return (
    <div className={styles.fold}>
      <button
        type="button"
        className={styles.line}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        <span className={styles.arrow}>
          <Icon name="right" />
        </span>
        <span>{title}</span>
        <span className={styles.inside}>{inside}</span>
      </button>
      {open && (
        <div id={id} className={styles.content}>
          {children}
        </div>
      )}
    </div>
  );
}
