import type { ReactNode } from 'react';
import styles from './facts.module.css';

/** Names and values in two columns; entries without a value are omitted. */
export function Facts({ facts }: { facts: [string, ReactNode][] }) {
  return (
    <dl className={styles.facts}>
      {facts
        .filter(
          ([, value]) =>
            value !== null && value !== undefined && value !== false && value !== '' && value !== 0,
        )
        .map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
