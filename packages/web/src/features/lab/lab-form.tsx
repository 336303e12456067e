/** What a lab compares. */
import {
  type FamilyOffer,
  gridLines,
  gridNumbers,
  LAB_STRENGTHS,
  labGrid,
  labSize,
  MAX_LAB_CELLS,
  SAMPLE_PROMPTS,
  type Style,
} from '@limner/contract';
import { Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import { api } from '../../api/api.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { useStudio } from '../../state/studio.ts';
import { Empty } from '../../ui/empty.tsx';
import { Field } from '../../ui/field.tsx';
import { useSubmit } from '../../ui/form/use-submit.ts';
import styles from './lab-page.module.css';
import { useSteps } from './use-steps.ts';

/** null: they cannot be read. */
function strengthsIn(text: string): number[] | null {
  try {
    return gridNumbers(text, false);
  } catch {
    return null;
  }
}

/** Whether a model of the style is here. Styles of LoRAs on servers name no model, and the models may not be known yet. */
function isPaintable(style: Style, families: readonly FamilyOffer[]): boolean {
  const models = families.filter(({ id }) => style.families.includes(id));
  return models.length === 0 || models.some(({ available }) => available);
}

/** Few enough to be compared by eye. */
const SPREAD = 3;
const spread = (kept: readonly number[]): number[] =>
  kept.filter((_, index) => (kept.length - 1 - index) % Math.ceil(kept.length / SPREAD) === 0);

export function LabForm() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const all = useStudio((state) => state.styles).filter(({ lora_path }) => lora_path !== null);
  const families = useStudio((state) => state.families);
  const asked = Number(search.get('style'));
  const [picked, setPicked] = useState<number[] | null>(null);
  const newest = all.findLast((style) => isPaintable(style, families));
  const ids = picked ?? (asked ? [asked] : newest ? [newest.id] : []);
  const chosen = ids.flatMap((id) => all.find((style) => style.id === id) ?? []);
  const [prompts, setPrompts] = useState(() =>
    SAMPLE_PROMPTS.map((prompt) => prompt[spokenLanguage()]).join('\n'),
  );
  const [typed, setTyped] = useState(LAB_STRENGTHS.join(', '));
  const strengths = strengthsIn(typed);
  const kept = useSteps(chosen.length === 1 ? (chosen[0]?.id ?? null) : null);
  const [pickedSteps, setPickedSteps] = useState<number[] | null>(null);
  // 0 is the LoRA that the style has.
  const steps = kept.length === 0 ? [] : (pickedSteps ?? (search.has('steps') ? [...spread(kept), 0] : []));
  const lines = gridLines(prompts);
  const count = labSize({ styles: chosen, strengths: strengths ?? [], prompts: lines, steps });
  const sending = useSubmit(async () => {
    const body = labGrid({ styles: chosen, strengths: strengths ?? [], prompts: lines, steps });
    const { id } = await api.call('createGrid', { body });
    navigate(`/training/lab/${id}`);
  });
  // A LoRA of one model does nothing on another.
  const fits = (families: string[]) =>
    chosen.length === 0 || families.join() === (chosen[0]?.families ?? []).join();
  if (all.length === 0) return <Empty sentence={t('lab.noStyles')} />;
  const isTooLarge = count > MAX_LAB_CELLS;
  const wanted = chosen[0]?.families ?? [];
  const models = families.filter(({ id }) => wanted.includes(id));
  const cannotPaint = chosen[0] !== undefined && !isPaintable(chosen[0], families);
  return (
    <form className={styles.form} aria-label={t('lab.title')} onSubmit={sending.submit}>
      <Field label={t('lab.styles')} hint={t('lab.stylesHint')} problem={sending.at('axes.z')}>
        {(control) => (
          <Select
            {...control}
            mode="multiple"
            className={styles.select}
            value={chosen.map(({ id }) => id)}
            onChange={(ids) => {
              setPicked(ids);
              setPickedSteps(null);
            }}
            options={all.map(({ id, name, families }) => ({
              value: id,
              label: name,
              disabled: !fits(families),
            }))}
            optionFilterProp="label"
          />
        )}
      </Field>
      {kept.length > 0 && (
        <Field label={t('lab.steps')} hint={t('lab.stepsHint')}>
          {(control) => (
            <Select
              {...control}
              mode="multiple"
              className={styles.select}
              value={steps}
              onChange={setPickedSteps}
              options={[...kept, 0].map((step) => ({
                value: step,
                label: step === 0 ? t('lab.ownStep') : t('training.checkpointStep', { step }),
              }))}
              optionFilterProp="label"
            />
          )}
        </Field>
      )}
      <Field
        label={t('lab.strengths')}
        hint={t('lab.strengthsHint')}
        problem={strengths === null ? t('lab.strengthsWrong') : sending.at('axes.x')}
      >
        {(control) => <Input {...control} value={typed} onChange={({ target }) => setTyped(target.value)} />}
      </Field>
      <Field label={t('lab.prompts')} hint={t('lab.promptsHint')} problem={sending.at('axes.y')}>
        {(control) => (
          <Input.TextArea
            {...control}
            value={prompts}
            autoSize={{ minRows: 3, maxRows: 10 }}
            onChange={({ target }) => setPrompts(target.value)}
          />
        )}
      </Field>
      <div className={styles.submit}>
        <Button
          type="primary"
          size="large"
          htmlType="submit"
          loading={sending.busy}
          disabled={count === 0 || strengths === null || isTooLarge || cannotPaint}
        >
          {t('lab.paint', { count })}
        </Button>
        {cannotPaint && (
          <p className={styles.problem} role="status">
            {t('lab.noModel', { models: models.map(({ label }) => label[spokenLanguage()]).join(', ') })}
          </p>
        )}
        {chosen.length === 0 && newest === undefined && (
          <p className={styles.problem} role="status">
            {t('lab.nonePaintable')}
          </p>
        )}
        {isTooLarge && <p className={styles.quiet}>{t('lab.tooMany', { count, limit: MAX_LAB_CELLS })}</p>}
        {sending.besides('axes') && (
          <p className={styles.problem} role="alert">
            {sending.besides('axes')}
          </p>
        )}
      </div>
    </form>
  );
}
