import { type ReactNode, useId } from 'react';
import styles from './field.module.css';

interface FieldProps {
  label: string;
  /** Beside the label, at the right. */
  aside?: ReactNode;
  hint?: string;
  problem?: string | null;
  /** Receives what links the control to its label and to its problem or hint. */
  children: (control: FieldControl) => ReactNode;
}

export interface FieldControl {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

export function Field({ label, aside, hint, problem, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const control: FieldControl = {
    id,
    ...(problem || hint ? { 'aria-describedby': noteId } : {}),
    ...(problem ? { 'aria-invalid': true } : {}),
  };
  return (
    <div className={styles.field}>
      <div className={styles.head}>
        <label htmlFor={id}>{label}</label>
        {aside && <span className={styles.aside}>{aside}</span>}
      </div>
      {children(control)}
      {problem ? (
        <p id={noteId} className={styles.problem} role="alert">
          {problem}
        </p>
      ) : (
        hint && (
          <p id={noteId} className={styles.hint}>
            {hint}
          </p>
        )
      )}
    </div>
  );
}
