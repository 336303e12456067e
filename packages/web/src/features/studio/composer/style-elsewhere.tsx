/** Why this model takes no style pictures, and the models that do: to change to, or with what they lack. */
import type { FamilyOffer } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { knowsMode } from '../../../state/draft/draft-rules.ts';
import { useStudio } from '../../../state/studio.ts';
import styles from './style-pictures.module.css';

export function StyleElsewhere({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const mode = useDraft((state) => state.mode);
  const families = useStudio((state) => state.families);
  const able = families.filter((offer) => (offer.style_images ?? 0) > 0 && knowsMode(offer, mode));
  const here = able.filter(({ available }) => available);
  return (
    <div className={styles.elsewhere}>
      <p>{t('composer.styleNot', { model: family.label[language] })}</p>
      {here.map(({ id, label }) => (
        <Button key={id} size="small" onClick={() => compose({ family: id })}>
          {t('composer.styleUse', { model: label[language] })}
        </Button>
      ))}
      {here.length === 0 && able.length > 0 && (
        <ul className={styles.cures}>
          {able.map(({ id, label, engines }) => (
            <li key={id}>
              {t('composer.styleWith', {
                model: label[language],
                cure: engines.flatMap(({ missing }) => missing)[0]?.cure[language] ?? '',
              })}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
