import type { Wildcard } from '@limner/contract';
import type i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { ago, bytes } from '../../../i18n/format.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { deleteWildcard } from '../../../state/wildcards.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './wildcards.module.css';

export function WildcardRow({ wildcard, onOpen }: { wildcard: Wildcard; onOpen: () => void }) {
  const { t } = useTranslation();
  const { name, problem } = wildcard;
  return (
    <li className={styles.row} data-problem={problem !== null}>
      <button type="button" className={styles.open} onClick={onOpen}>
        <code>{`__${name}__`}</code>
        <span>{problem ? problem[spokenLanguage()] : aboutOf(wildcard, t)}</span>
      </button>
      <IconButton
        icon="trash"
        label={t('wildcards.remove', { name })}
        onClick={() => void deleteWildcard(name)}
      />
    </li>
  );
}

function aboutOf(wildcard: Wildcard, t: typeof i18next.t): string {
  const { entries, combinations, size_bytes, modified_at } = wildcard;
  const facts: string[] = [t('wildcards.entries', { count: entries })];
  if (combinations === null) facts.push(t('wildcards.manyTexts'));
  else if (combinations !== entries) facts.push(t('wildcards.texts', { count: combinations }));
  return [...facts, bytes(size_bytes), ago(modified_at)].join(' · ');
}
