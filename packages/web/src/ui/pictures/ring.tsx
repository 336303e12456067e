import styles from './ring.module.css';

const LENGTH = 2 * Math.PI * 14;

/** A gold ring with per cent inside. */
export function Ring({ progress, label }: { progress: number; label: string }) {
  const percent = Math.round(progress * 100);
  return (
    <div className={styles.ring} role="progressbar" aria-label={label} aria-valuenow={percent}>
      <svg viewBox="0 0 32 32" aria-hidden="true">
        <circle cx="16" cy="16" r="14" />
        {progress > 0 && <circle cx="16" cy="16" r="14" strokeDasharray={`${LENGTH * progress} ${LENGTH}`} />}
      </svg>
      <b>{percent}</b>
    </div>
  );
}
