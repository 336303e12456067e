import type { Missing } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { bytes } from '../i18n/format.ts';
import { spokenLanguage } from '../i18n/i18n.ts';
import { copyText } from '../state/task-actions.ts';
import { IconButton } from '../ui/icon-button.tsx';
import styles from './cures.module.css';

/** Each missing thing with its size, licence, source and install command. */
export function Cures({ missing }: { missing: Missing[] }) {
  const { t } = useTranslation();
  if (missing.length === 0) return null;
  return (
    <section className={styles.cures}>
      <h3>{t('settings.missing', { count: missing.length })}</h3>
      {missing.map((thing) => (
        <Cure key={`${thing.what} ${thing.name}`} thing={thing} />
      ))}
    </section>
  );
}

function Cure({ thing }: { thing: Missing }) {
  const { t } = useTranslation();
  const { command } = thing;
  const facts = [thing.size_bytes && bytes(thing.size_bytes), thing.licence]
    .filter(Boolean)
    .join(t('common.list'));
  return (
    <div className={styles.cure}>
      <div className={styles.head}>
        <b>{thing.name}</b>
        <span>{facts}</span>
      </div>
      <p>{thing.cure[spokenLanguage()]}</p>
      {thing.source && (
        <p>
          {t('settings.source')} <code>{thing.source}</code>
        </p>
      )}
      {thing.nearest && <p>{t('settings.nearest', { name: thing.nearest })}</p>}
      {command && (
        <div className={styles.command}>
          <code>{command}</code>
          <IconButton
            icon="copy"
            label={t('settings.copyCommand')}
            onClick={() => void copyText(command, t('common.copied'))}
          />
        </div>
      )}
    </div>
  );
}
