/** Putting a training together. The trainer says what it accepts; the form draws itself from that. */
import { StudioError, type Style, type Trainer, type TrainerParam } from '@limner/contract';
import { Button, Input, Segmented, Slider } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../../api/api.ts';
import { roughly } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { reasonOf, sentenceOf } from '../../i18n/problem.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { Empty } from '../../ui/empty.tsx';
import { Field } from '../../ui/field.tsx';
import { NoEffect } from '../../ui/no-effect.tsx';
import {
  changeDraft,
  clearDraft,
  obstacle,
  paramsFor,
  requestOf,
  setParam,
  useTrainingDraft,
} from './draft.ts';
import styles from './new-run.module.css';
import { PicturesField } from './pictures-field.tsx';
import { useTrainer } from './use-trainings.ts';

export function NewRun() {
  const { t } = useTranslation();
  const { value: trainer, problem, none } = useTrainer();
  if (problem) return <Empty sentence={sentenceOf(problem)} />;
  if (none) return <Empty sentence={t('training.noTrainer')} />;
  if (!trainer) return null;
  return trainer.available ? <Form trainer={trainer} /> : <Missing trainer={trainer} />;
}

function Missing({ trainer }: { trainer: Trainer }) {
  const { t } = useTranslation();
  return (
    <Empty sentence={t('training.notReady')}>
      {trainer.missing.map(({ name, cure }) => (
        <p key={name}>{cure[spokenLanguage()]}</p>
      ))}
    </Empty>
  );
}

function Form({ trainer }: { trainer: Trainer }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const draft = useTrainingDraft();
  const [problem, setProblem] = useState<unknown>(null);
  const [sending, setSending] = useState(false);
  const at = (field: string) =>
    problem instanceof StudioError && problem.field?.startsWith(field) ? reasonOf(problem) : null;

  const train = async () => {
    setSending(true);
    try {
      const run = await api.call('train', { body: requestOf(draft, trainer) });
      await loadTask(run.id);
      clearDraft();
      navigate(`/training/${run.id}`);
    } catch (error) {
      setProblem(error);
      setSending(false);
    }
  };

  return (
    <form
      className={styles.form}
      aria-label={t('training.new')}
      onSubmit={(event) => {
        event.preventDefault();
        void train();
      }}
    >
      <header>
        <h2>{t('training.title')}</h2>
        <p className={styles.about}>{trainer.description[spokenLanguage()]}</p>
      </header>
      <PicturesField trainer={trainer} problem={at('images')} />
      <div className={styles.columns}>
        <section>
          <Words nameProblem={at('style_name')} triggerProblem={at('trigger')} />
        </section>
        <section>
          {trainer.params.map((param) => (
            <ParamField key={param.key} param={param} problem={at(`params.${param.key}`)} />
          ))}
        </section>
      </div>
      <Submit trainer={trainer} sending={sending} problem={problem} />
    </form>
  );
}

function Words({
  nameProblem,
  triggerProblem,
}: {
  nameProblem: string | null;
  triggerProblem: string | null;
}) {
  const { t } = useTranslation();
  const { name, type, triggers } = useTrainingDraft();
  return (
    <>
      <Field label={t('training.styleName')} hint={t('styles.nameHint')} problem={nameProblem}>
        {(id) => (
          <Input
            id={id}
            value={name}
            maxLength={60}
            onChange={(event) => changeDraft({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('styles.type')}>
        {(id) => (
          <Segmented
            id={id}
            block
            value={type}
            onChange={(value: Style['type']) => changeDraft({ type: value })}
            options={[
              { value: 'ui', label: t('styles.ui') },
              { value: 'vfx', label: t('styles.vfx') },
            ]}
          />
        )}
      </Field>
      <Field
        label={t('styles.triggers')}
        aside={t('common.optional')}
        hint={t('training.triggersHint')}
        problem={triggerProblem}
      >
        {(id) => (
          <Input
            id={id}
            value={triggers}
            maxLength={500}
            onChange={(event) => changeDraft({ triggers: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}

/** A value that can only be one is no slider: the reason stands in its place. */
function ParamField({ param, problem }: { param: TrainerParam; problem: string | null }) {
  const value = useTrainingDraft((draft) => draft.params[param.key]) ?? param.default;
  const language = spokenLanguage();
  const label = param.label[language];
  if (param.min === param.max)
    return <NoEffect label={`${label} ${param.min}`} reason={param.hint[language]} />;
  return (
    <Field label={label} aside={value} hint={param.hint[language]} problem={problem}>
      {() => (
        <Slider
          ariaLabelForHandle={label}
          min={param.min}
          max={param.max}
          step={param.step}
          value={value}
          tooltip={{ open: false }}
          onChange={(next) => setParam(param.key, next)}
        />
      )}
    </Field>
  );
}

/** The one gold button: what it does and what it costs, or what stands in the way. */
function Submit({ trainer, sending, problem }: { trainer: Trainer; sending: boolean; problem: unknown }) {
  const { t } = useTranslation();
  const draft = useTrainingDraft();
  const offline = useTasks((state) => state.connection === 'lost');
  const inTheWay = obstacle(draft, trainer);
  const { min, max } = trainer.images;
  const pace = trainer.seconds_per_step;
  const seconds = pace === null ? null : pace * paramsFor(trainer, draft.params).steps;
  const hasField = problem instanceof StudioError && problem.field !== undefined;
  return (
    <div className={styles.submit}>
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        loading={sending}
        disabled={inTheWay !== null || offline}
      >
        {t('training.train')}
        {seconds !== null && (
          <span className={styles.cost}>{t('composer.about', { time: roughly(seconds) })}</span>
        )}
      </Button>
      <p className={styles.hint} role="status">
        {offline ? t('pill.lostLong') : inTheWay && t(inTheWay, { min, max })}
      </p>
      {problem != null && !hasField && (
        <p className={styles.problem} role="alert">
          {sentenceOf(problem)}
        </p>
      )}
    </div>
  );
}
