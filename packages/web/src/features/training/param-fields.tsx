/** The parameters of a trainer: the model and a preset, the three that every trainer has, and the others on request. */
import type { Trainer, TrainerParam } from '@limner/contract';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Field } from '../../ui/field.tsx';
import { groupedParams, paramsFor, presetOf } from './draft-rules.ts';
import styles from './new-run.module.css';
import { ParamField } from './param-field.tsx';
import { setParams, useTrainingDraft } from './run-draft.ts';

interface ParamFieldsProps {
  trainer: Trainer;
  /** Refusal of the server by the key of the parameter. */
  problemOf: (key: string) => string | null;
}

export function ParamFields({ trainer, problemOf }: ParamFieldsProps) {
  const { t } = useTranslation();
  const values = useTrainingDraft((draft) => draft.params[trainer.id]);
  const { model, leading, folded } = groupedParams(trainer);
  const field = (param: TrainerParam) => (
    <ParamField
      key={`${trainer.id} ${param.key}`}
      trainer={trainer.id}
      param={param}
      problem={problemOf(param.key)}
    />
  );
  const changed = folded.filter(({ key, default: usual }) => (values?.[key] ?? usual) !== usual).length;
  return (
    <>
      {model && field(model)}
      {trainer.presets.length > 0 && <PresetField trainer={trainer} />}
      {leading.map(field)}
      {folded.length > 0 && (
        <details className={styles.more}>
          <summary>
            {t('training.more')}
            {changed > 0 && <span>{t('training.moreChanged', { count: changed })}</span>}
          </summary>
          <div className={styles.folded}>{folded.map(field)}</div>
        </details>
      )}
    </>
  );
}

/** Fills in the values of a preset; they can be changed afterwards. */
function PresetField({ trainer }: { trainer: Trainer }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const draft = useTrainingDraft();
  const preset = presetOf(trainer, paramsFor(trainer, draft));
  const choose = (id: string) => {
    const chosen = trainer.presets.find((each) => each.id === id);
    if (chosen) setParams(trainer.id, chosen.params);
  };
  return (
    <Field label={t('training.preset')} hint={preset?.hint[language] ?? t('training.presetHint')}>
      {(control) => (
        <Select
          {...control}
          className={styles.select}
          value={preset?.id}
          placeholder={t('training.presetOwn')}
          onChange={choose}
          virtual={false}
          options={trainer.presets.map(({ id, label }) => ({ value: id, label: label[language] }))}
        />
      )}
    </Field>
  );
}
