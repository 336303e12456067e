import { type ReactNode, useId } from 'react';
import styles from './field.module.css';

interface FieldProps {
  label: string;
  /** Beside the label, at the right. */
  aside?: ReactNode;
  hint?: string;
  problem?: string | null;
  /** Receives the id that links the control to its label. */
  children: (id: string) => ReactNode;
}

export function Field({ label, aside, hint, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <label htmlFor={id}>{label}</label>
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      {children(id)}
      {problem ? (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      ) : (
        hint && <p className={styles.hint}>{hint}</p>
      )}
    </div>
  );
}
