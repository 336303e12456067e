import { Icon } from './icon.tsx';
import styles from './no-effect.module.css';

/** Replaces a control without effect on this model with the reason. */
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
