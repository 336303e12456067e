import type { CSSProperties, Ref, TextareaHTMLAttributes } from 'react';
import styles from './growing-text.module.css';

interface GrowingTextProps extends TextareaHTMLAttributes<HTMLTextAreaElement> {
  ref?: Ref<HTMLTextAreaElement>;
  value: string;
  /** Lines it has when empty, and before it scrolls. */
  lines: { least: number; most: number };
}

/**
 * A field as high as its text. The same words lie unseen beneath and give it their height, so that nothing is measured
 * with each key: measuring costs more than all else that a key does.
 */
export function GrowingText({ lines, className, ...rest }: GrowingTextProps) {
  const bounds = { '--least': lines.least, '--most': lines.most } as CSSProperties;
  return (
    <div className={`${styles.grow} ${className}`} style={bounds} data-text={rest.value}>
      <textarea {...rest} rows={lines.least} />
    </div>
  );
}
