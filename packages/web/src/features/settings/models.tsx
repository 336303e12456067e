import type { FamilyOffer } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { between } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Cures } from '../../parts/cures.tsx';
import { useStudio } from '../../state/studio.ts';
import styles from './models.module.css';
import { SectionHead } from './section-head.tsx';
import { ServerFiles } from './server-models/server-files.tsx';

export function Models() {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const sorted = [...families].sort((a, b) => Number(b.available) - Number(a.available));
  return (
    <div>
      <SectionHead title={t('settings.models')} sub={t('settings.modelsSub')} />
      {sorted.map((family) => (
        <Model key={family.id} family={family} />
      ))}
      <ServerFiles />
    </div>
  );
}

function Model({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const pace = family.measured;
  const facts = [
    t(`kind.${family.kind}`),
    family.experimental && t('composer.experimental'),
    pace !== null && t('settings.paceOf', { time: between(pace) }),
    family.licence,
  ].filter(Boolean);
  const missing = family.available ? [] : family.engines.flatMap((engine) => engine.missing);
  // A missing server is one sentence here; its card has the details.
  const server = missing.find(({ what }) => what === 'server');
  return (
    <article className={styles.model}>
      <header>
        <span className={styles.dot} data-off={!family.available} />
        <h2>{family.label[language]}</h2>
        {facts.map((fact) => (
          <span key={String(fact)} className={styles.fact}>
            {fact}
          </span>
        ))}
        {!family.available && <span className={styles.off}>{t('composer.unavailable')}</span>}
      </header>
      <p>{family.description[language]}</p>
      {server ? <p className={styles.cure}>{server.cure[language]}</p> : <Cures missing={missing} />}
    </article>
  );
}
