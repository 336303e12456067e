import { Icon } from './icon.tsx';
import styles from './no-effect.module.css';

/** A control that would do nothing on this model: the reason stands in its place. */
export function NoEffect({ label, reason }: { label: string; reason: string }) {
  return (
    <div>
      <div className={styles.label}>{label}</div>
      <div className={styles.reason}>
        <Icon name="info" />
        <span>{reason}</span>
      </div>
    </div>
  );
}
