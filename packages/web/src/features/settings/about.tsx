import type { Health } from '@limner/contract';
import { type ReactNode, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { BASE } from '../../api/base.ts';
import { duration } from '../../i18n/format.ts';
import { Mark } from '../../ui/icon.tsx';
import styles from './about.module.css';
import { SectionHead } from './section-head.tsx';

export function About() {
  const { t } = useTranslation();
  const health = useHealth();
  return (
    <div>
      <SectionHead title={t('settings.about')} />
      <div className={styles.brand}>
        <Mark size={44} />
        <div>
          <b>
            {t('brand.name')} {t('brand.second')}
          </b>
          {health && (
            <span>
              {t('settings.version')} {health.version}
            </span>
          )}
          {health && (
            <span>
              {t('settings.uptime')} {duration(health.uptime_seconds)}
            </span>
          )}
        </div>
      </div>
      <Part title={t('settings.licence')} text={t('settings.licenceText')} />
      <Part title={t('settings.credits')} text={t('settings.creditsText')}>
        <Outside href={`${BASE}/notices`}>{t('settings.notices')}</Outside>
      </Part>
      <Part title={t('settings.api')} text={t('settings.apiText')}>
        <Outside href={`${BASE}/docs`}>{t('settings.apiDocs')}</Outside>
      </Part>
    </div>
  );
}

function Part({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <section className={styles.part}>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </section>
  );
}

/** Served by the same server, but not a page of this app. */
const Outside = ({ href, children }: { href: string; children: ReactNode }) => (
  <a href={href} target="_blank" rel="noopener">
    {children}
  </a>
);

function useHealth(): Health | null {
  const [health, setHealth] = useState<Health | null>(null);
  useEffect(() => {
    api.call('health', {}).then(setHealth, () => setHealth(null));
  }, []);
  return health;
}
