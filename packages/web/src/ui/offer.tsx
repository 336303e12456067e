/** What a list of models or trainers offers: whether it is ready, its name, and what it is or lacks. */
import type { ReactNode } from 'react';
import styles from './offer.module.css';

interface OfferNameProps {
  isReady: boolean;
  name: string;
  /** Behind the name. */
  children?: ReactNode;
}

export function OfferName({ isReady, name, children }: OfferNameProps) {
  return (
    <span className={styles.label}>
      <span className={styles.dot} data-off={!isReady} />
      <span className={styles.name}>{name}</span>
      {children}
    </span>
  );
}

interface OfferProps extends OfferNameProps {
  reason: string;
  /** After two lines. */
  isCut?: boolean;
}

export function Offer({ reason, isCut = false, ...name }: OfferProps) {
  return (
    <span className={styles.option}>
      <OfferName {...name} />
      <span className={styles.reason} data-cut={isCut}>
        {reason}
      </span>
    </span>
  );
}

/** A short remark behind a name. */
export const OfferNote = ({ children }: { children: ReactNode }) => (
  <span className={styles.note}>{children}</span>
);
