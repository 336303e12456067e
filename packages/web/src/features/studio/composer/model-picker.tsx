import type { FamilyOffer } from '@limner/contract';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { about } from '../../../i18n/format.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { takesDraft } from '../../../state/draft/draft-rules.ts';
import { useStudio } from '../../../state/studio.ts';
import { Field } from '../../../ui/field.tsx';
import { Offer, OfferName, OfferNote } from '../../../ui/offer.tsx';
import { ModelExamples } from './model-examples.tsx';
import styles from './model-picker.module.css';

/** Every model for the mode and its pictures; an unavailable one shows what it lacks. */
export function ModelPicker({ family }: { family: FamilyOffer | null }) {
  const { t } = useTranslation();
  const mode = useDraft((state) => state.mode);
  const input = useDraft((state) => state.input);
  const end = useDraft((state) => state.end);
  const outpaint = useDraft((state) => state.outpaint);
  const families = useStudio((state) => state.families);
  const able = families.filter((offer) => takesDraft(offer, { mode, input, end, outpaint }));
  const pace = family?.measured ?? null;
  return (
    <Field
      label={t('composer.model')}
      aside={
        family &&
        (pace === null
          ? t('composer.firstRun')
          : t(mode === 'video' ? 'video.perVideo' : 'composer.perPicture', { time: about(pace) }))
      }
    >
      {(control) => (
        <>
          <Select
            {...control}
            className={styles.select}
            value={family?.id}
            placeholder={t(families.length > 0 ? 'composer.noModel' : 'common.loading')}
            onChange={(picked) => compose({ family: picked })}
            options={able.map((offer) => ({ value: offer.id, disabled: !offer.available, offer }))}
            optionRender={({ data }) => <ModelOption offer={data.offer} />}
            labelRender={() => family && <ModelLabel family={family} />}
            listHeight={360}
            virtual={false}
          />
          {family && (
            <p className={styles.about} title={family.description[spokenLanguage()]}>
              {family.description[spokenLanguage()]}
            </p>
          )}
          {family?.licence && (
            <p className={styles.licence}>{t('composer.licence', { licence: family.licence })}</p>
          )}
          {family?.examples && <ModelExamples examples={family.examples} />}
          {!family && able.length > 0 && <WhatIsMissing offers={able} />}
        </>
      )}
    </Field>
  );
}

function ModelLabel({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const picked = useDraft((state) => state.params[family.id]?.steps);
  const steps = family.params.find(({ key, effect }) => key === 'steps' && effect);
  const count = picked ?? steps?.default;
  return (
    <OfferName isReady name={family.label[spokenLanguage()]}>
      {family.experimental ? (
        <span className={styles.experimental}>{t('composer.experimental')}</span>
      ) : (
        steps && <OfferNote>{t('composer.stepsOf', { count: Number(count) })}</OfferNote>
      )}
    </OfferName>
  );
}

function ModelOption({ offer }: { offer: FamilyOffer }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const missing = offer.engines.flatMap((engine) => engine.missing);
  const reason = offer.available
    ? offer.description[language]
    : (missing[0]?.cure[language] ?? t('composer.unavailable'));
  return (
    <Offer isReady={offer.available} name={offer.label[language]} reason={reason}>
      {offer.experimental && <span className={styles.experimental}>{t('composer.experimental')}</span>}
    </Offer>
  );
}

function WhatIsMissing({ offers }: { offers: FamilyOffer[] }) {
  const { t } = useTranslation();
  const first = offers.flatMap((offer) => offer.engines).flatMap((engine) => engine.missing)[0];
  return (
    <p className={styles.about}>
      {first && `${first.cure[spokenLanguage()]} `}
      <Link to="/settings">{t('composer.noModelCure')}</Link>
    </p>
  );
}
