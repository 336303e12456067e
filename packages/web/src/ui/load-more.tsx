import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './load-more.module.css';

/** Loads more before the end is visible; otherwise a button. */
export function LoadMore({ onSeen }: { onSeen: () => void }) {
  const { t } = useTranslation();
  const foot = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (!foot.current) return;
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && onSeen(), {
      rootMargin: '800px',
    });
    watch.observe(foot.current);
    return () => watch.disconnect();
  }, [onSeen]);
  return (
    <button ref={foot} type="button" className={styles.more} onClick={onSeen}>
      {t('wall.older')}
    </button>
  );
}
