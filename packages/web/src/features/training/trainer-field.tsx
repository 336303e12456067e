/** Every trainer of the server. One that cannot train now shows what it lacks, with the cures. */
import type { Trainer } from '@limner/contract';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Cures } from '../../parts/cures.tsx';
import { Field } from '../../ui/field.tsx';
import { Offer, OfferName, OfferNote } from '../../ui/offer.tsx';
import { changeDraft } from './run-draft.ts';
import styles from './trainer-field.module.css';

interface TrainerFieldProps {
  trainers: Trainer[];
  trainer: Trainer;
  problem: string | null;
}

export function TrainerField({ trainers, trainer, problem }: TrainerFieldProps) {
  const { t } = useTranslation();
  return (
    <section className={styles.trainer} aria-label={t('training.trainer')}>
      <Field label={t('training.trainer')} problem={problem} hint={trainer.description[spokenLanguage()]}>
        {(control) => (
          <Select
            {...control}
            className={styles.select}
            value={trainer.id}
            onChange={(id) => changeDraft({ trainer: id })}
            options={trainers.map((each) => ({ value: each.id, each }))}
            optionRender={({ data }) => <TrainerOption trainer={data.each} />}
            labelRender={() => <TrainerName trainer={trainer} />}
            listHeight={420}
            virtual={false}
          />
        )}
      </Field>
      {!trainer.available && <Cures missing={trainer.missing} />}
    </section>
  );
}

function TrainerName({ trainer: { available, label } }: { trainer: Trainer }) {
  return (
    <OfferName isReady={available} name={label[spokenLanguage()]}>
      {!available && <NotReady />}
    </OfferName>
  );
}

function TrainerOption({ trainer: { label, description, missing, available } }: { trainer: Trainer }) {
  const language = spokenLanguage();
  const reason = available ? description[language] : (missing[0]?.cure[language] ?? description[language]);
  return (
    <Offer isReady={available} name={label[language]} reason={reason} isCut>
      {!available && <NotReady />}
    </Offer>
  );
}

function NotReady() {
  const { t } = useTranslation();
  return <OfferNote>{t('training.notReady')}</OfferNote>;
}
