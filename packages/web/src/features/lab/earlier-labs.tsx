import { type GridListItem, isLab } from '@limner/contract';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { api } from '../../api/api.ts';
import { ago } from '../../i18n/format.ts';
import styles from './lab-page.module.css';

/** Grids that are looked through. */
const READ = 100;

export function EarlierLabs() {
  const { t } = useTranslation();
  const [labs, setLabs] = useState<GridListItem[]>([]);
  useEffect(() => {
    let isWanted = true;
    // The form works without them.
    api.call('listGrids', { query: { limit: READ } }).then(
      (grids) => isWanted && setLabs(grids.filter(isLab)),
      () => undefined,
    );
    return () => {
      isWanted = false;
    };
  }, []);
  if (labs.length === 0) return null;
  return (
    <section aria-label={t('lab.earlier')}>
      <h2>{t('lab.earlier')}</h2>
      <ul className={styles.earlier}>
        {labs.map(({ id, axes, cells, ended, created_at }) => (
          <li key={id}>
            <Link to={`/training/lab/${id}`}>{axes.y?.values.map(({ value }) => value).join(', ')}</Link>
            <span className={styles.quiet}>
              {t('grid.ended', { count: cells, ended })} {ago(created_at)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
