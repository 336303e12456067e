import type { Frame } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import styles from './provenance.module.css';

/** One sentence: what made this picture, and from what. */
export function Provenance({ frame }: { frame: Frame }) {
  const { t } = useTranslation();
  const summary = frame.output?.provenance?.summary[spokenLanguage()];
  if (!summary) return null;
  return (
    <p className={styles.line} title={t('wall.howMade')}>
      {summary}
    </p>
  );
}
