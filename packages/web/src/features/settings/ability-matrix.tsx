import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { useStudio } from '../../state/studio.ts';
import { Icon } from '../../ui/icon.tsx';
import { ABILITIES, type Verdict, verdict } from './abilities.ts';
import styles from './ability-matrix.module.css';

export function AbilityMatrix() {
  const { t } = useTranslation();
  const { engines, families } = useStudio();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable element needs keyboard focus
    <section className={styles.frame} aria-label={t('settings.matrix')} tabIndex={0}>
      <table className={styles.matrix}>
        <caption className="visually-hidden">{t('settings.matrix')}</caption>
        <thead>
          <tr>
            <td />
            {ABILITIES.map((ability) => (
              <th key={ability} scope="col">
                {t(`settings.ability.${ability}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {engines.map((engine) => (
            <tr key={engine.id}>
              <th scope="row">{engine.label[spokenLanguage()]}</th>
              {ABILITIES.map((ability) => (
                <td key={ability}>
                  <Answer verdict={verdict(engine, families, ability)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Answer({ verdict: is }: { verdict: Verdict }) {
  const { t } = useTranslation();
  if (is === 'able') {
    return (
      <span className={styles.able}>
        <Icon name="check" />
        <span className="visually-hidden">{t('settings.cando')}</span>
      </span>
    );
  }
  if (is === 'lacking') {
    return (
      <span className={styles.lacking}>
        <Icon name="warning" />
        {t('settings.fixAbove')}
      </span>
    );
  }
  return (
    <>
      <span className={styles.unable} aria-hidden="true">
        –
      </span>
      <span className="visually-hidden">{t('settings.cannot')}</span>
    </>
  );
}
