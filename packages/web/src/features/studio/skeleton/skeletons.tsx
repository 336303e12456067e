/** Skeletons of the studio while its parts load: blocks with the final positions and sizes, without animation. */
import type { CSSProperties } from 'react';
import styles from './skeletons.module.css';

interface BlockProps {
  height: number;
  width?: number | string;
}

function Block({ height, width = '100%' }: BlockProps) {
  return <i className={styles.block} style={{ height, width } as CSSProperties} />;
}

/** A label over its control. */
function Row({ label, height, below }: { label: number; height: number; below?: number }) {
  return (
    <div className={styles.row}>
      <Block height={10} width={label} />
      <Block height={height} />
      {below !== undefined && <Block height={below} />}
    </div>
  );
}

export function StyleSkeleton() {
  return (
    <li className={styles.card} aria-hidden="true">
      <i className={styles.block} />
    </li>
  );
}

/** The form below the prompt, as the built-in model draws it. */
export function ControlsSkeleton() {
  return (
    <div className={styles.controls} aria-hidden="true">
      <Row label={96} height={48} />
      <Row label={42} height={34} below={29} />
      <div className={styles.pair}>
        <Row label={32} height={34} />
        <Row label={48} height={34} />
      </div>
      <Row label={28} height={52} below={26} />
      <Block height={42} />
    </div>
  );
}

/** A few finished pictures: one large, the others beside it or, on a phone, below. */
export function WallSkeleton() {
  return (
    <div className={styles.wall} aria-hidden="true">
      <div className={styles.heading}>
        <Block height={17} width={160} />
        <Block height={11} width={240} />
      </div>
      <div className={styles.large}>
        <i className={styles.tile} />
        <div className={styles.rest}>
          <i className={styles.tile} />
          <i className={styles.tile} />
          <i className={styles.tile} />
        </div>
      </div>
    </div>
  );
}
