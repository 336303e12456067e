/** Below a prompt with choices: how many texts it can become, or what stands in the way. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { counted } from '../../../../i18n/format.ts';
import { spokenLanguage } from '../../../../i18n/i18n.ts';
import { newWildcardAddress, useWatchedWildcards, useWildcards } from '../../../../state/wildcards.ts';
import { combinationsIn } from './combinations.ts';
import styles from './wildcards.module.css';

const NONE: never[] = [];

export function CombinationsLine({ text }: { text: string }) {
  const { t } = useTranslation();
  const namesSome = text.includes('__');
  useWatchedWildcards(namesSome);
  const wildcards = useWildcards((state) => state.wildcards);
  const isKnown = wildcards !== null || !namesSome;
  const found = useMemo(
    () => (isKnown ? combinationsIn(text, wildcards ?? NONE) : null),
    [isKnown, text, wildcards],
  );
  if (!found) return null;
  if ('missing' in found)
    return (
      <p className={styles.problem} role="status">
        {t('wildcards.missing', { name: found.missing })}{' '}
        <Link to={newWildcardAddress(found.missing)}>{t('wildcards.createMissing')}</Link>
      </p>
    );
  if ('problem' in found)
    return (
      <p className={styles.problem} role="status">
        {found.problem?.[spokenLanguage()]}{' '}
        {namesSome && <Link to="/settings/wildcards">{t('wildcards.title')}</Link>}
      </p>
    );
  const { count } = found;
  return (
    <p className={styles.count}>
      {Number.isFinite(count)
        ? t('wildcards.combinations', { count, number: counted(count) })
        : t('wildcards.manyCombinations')}
    </p>
  );
}
