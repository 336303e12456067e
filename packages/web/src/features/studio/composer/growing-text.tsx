import type { CSSProperties, Ref, TextareaHTMLAttributes } from 'react';
import styles from './growing-text.module.css';

interface GrowingTextProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  ref?: Ref<HTMLTextAreaElement>;
  value: string;
  /** Minimum lines, and maximum lines before it scrolls. */
  lines: { least: number; most: number };
}

/**
 * A text field that grows with its text. A hidden copy of the text sets the height, so nothing is measured at each key;
 * measuring would be the slowest part.
 */
export function GrowingText({ lines, className, ...rest }: GrowingTextProps) {
  const bounds = { '--least': lines.least, '--most': lines.most } as CSSProperties;
  return (
    <div className={`${styles.grow} ${className}`} style={bounds} data-text={rest.value}>
      <textarea {...rest} rows={lines.least} />
    </div>
  );
}
