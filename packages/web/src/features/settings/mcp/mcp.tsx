/** Programs that use the studio over the Model Context Protocol: its address and what to paste into them. */
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { BASE } from '../../../api/base.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { copyText } from '../../../state/task-actions.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { SectionHead } from '../section-head.tsx';
import styles from './mcp.module.css';
import { mcpAddress, type SetUp, setUps } from './set-ups.ts';

export function Mcp() {
  const { t } = useTranslation();
  const studio = `${location.origin}${BASE}`;
  const language = spokenLanguage();
  return (
    <div>
      <SectionHead title={t('mcp.title')} sub={t('mcp.sub')} />
      <div className={styles.cards}>
        <Card title={t('mcp.address')} hint={t('mcp.addressHint')} text={mcpAddress(studio, language)} />
        {setUps(studio, language).map((setUp) => (
          <SetUpCard key={setUp.program} {...setUp} />
        ))}
      </div>
      <p className={styles.access}>{t('mcp.access')}</p>
    </div>
  );
}

function SetUpCard({ program, name, text }: SetUp) {
  const { t } = useTranslation();
  return <Card title={name ?? t('mcp.others')} hint={t(`mcp.hints.${program}`)} text={text} />;
}

function Card({ title, hint, text }: { title: string; hint: string; text: string }) {
  const { t } = useTranslation();
  const id = useId();
  return (
    <section className={styles.card} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      <p>{hint}</p>
      <div className={styles.text}>
        <pre>{text}</pre>
        <IconButton
          icon="copy"
          label={t('mcp.copy', { name: title })}
          onClick={() => void copyText(text, t('common.copied'))}
        />
      </div>
    </section>
  );
}
