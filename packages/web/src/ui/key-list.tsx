import type { ParseKeys } from 'i18next';
import { useTranslation } from 'react-i18next';
import styles from './key-list.module.css';

/** Keys and their actions. */
export type KeyWords = readonly (readonly [keys: readonly string[], label: ParseKeys])[];

export function KeyList({ keys }: { keys: KeyWords }) {
  const { t } = useTranslation();
  return (
    <dl className={styles.keys}>
      {keys.map(([pressed, label]) => (
        <div key={label}>
          <dt>
            {pressed.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dt>
          <dd>{t(label)}</dd>
        </div>
      ))}
    </dl>
  );
}
