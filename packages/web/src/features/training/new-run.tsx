/** The form of a new training, generated from the description of the chosen trainer. */
import type { Trainer, TrainingEstimate } from '@limner/contract';
import { Button } from 'antd';
import { type FormEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../../api/api.ts';
import { roughly } from '../../i18n/format.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { anyRefused, useRefusedNumbers } from '../../state/draft/refused-numbers.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { Empty } from '../../ui/empty.tsx';
import { StyleFields, type StyleWords } from '../../ui/form/style-fields.tsx';
import { useSubmit } from '../../ui/form/use-submit.ts';
import { ChosenSet } from './chosen-set.tsx';
import { isUploading, problemsOf, requestOf, trainerOf } from './draft-rules.ts';
import { Estimate } from './estimate.tsx';
import styles from './new-run.module.css';
import { ParamFields } from './param-fields.tsx';
import { PicturesField } from './pictures-field.tsx';
import { changeDraft, clearDraft, useTrainingDraft } from './run-draft.ts';
import { TrainerField } from './trainer-field.tsx';
import { useEstimate } from './use-estimate.ts';
import { useRefusedFocus } from './use-refused-focus.ts';
import { useTrainers } from './use-trainings.ts';

export function NewRun() {
  const { t } = useTranslation();
  const { value: trainers, problem } = useTrainers();
  const chosen = useTrainingDraft((draft) => draft.trainer);
  if (!trainers) return problem ? <Empty sentence={sentenceOf(problem)} /> : null;
  const trainer = trainerOf(trainers, chosen);
  return trainer ? (
    <Form trainers={trainers} trainer={trainer} />
  ) : (
    <Empty sentence={t('training.noTrainer')} />
  );
}

function Form({ trainers, trainer }: { trainers: Trainer[]; trainer: Trainer }) {
  const { t } = useTranslation();
  const draft = useTrainingDraft();
  const estimate = useEstimate(trainer);
  const { form, send, own, sending } = useSending(trainer);
  const { min, max } = trainer.images;
  const counted = own.pictures && t(own.pictures, { min, max });
  const changeWords = (change: Partial<StyleWords>) => {
    sending.forget();
    changeDraft(change);
  };

  return (
    <form ref={form} className={styles.form} aria-label={t('training.new')} onSubmit={send} noValidate>
      <header>
        <h2>{t('training.title')}</h2>
      </header>
      <TrainerField trainers={trainers} trainer={trainer} problem={sending.at('trainer')} />
      <ChosenSet problem={(draft.dataset && counted) || sending.at('dataset')} />
      {draft.dataset === null && (
        <PicturesField trainer={trainer} problem={counted || sending.at('images')} />
      )}
      <div className={styles.columns}>
        <section>
          <StyleFields
            value={draft}
            onChange={changeWords}
            label={t('training.styleName')}
            triggersHint={t('training.triggersHint')}
            nameProblem={(own.name && t(own.name)) || sending.at('style_name')}
            triggersProblem={sending.at('trigger_words')}
          />
        </section>
        <section>
          <ParamFields trainer={trainer} problemOf={(key) => sending.at(`params.${key}`)} />
        </section>
      </div>
      {estimate && <Estimate estimate={estimate} />}
      <Submit
        trainer={trainer}
        estimate={estimate}
        busy={sending.busy}
        problem={sending.besides(
          ...['images', 'dataset', 'style_name', 'trigger_words', 'trainer'],
          ...trainer.params.map(({ key }) => `params.${key}`),
        )}
      />
    </form>
  );
}

const NOTHING = { pictures: null, name: null };

/** Sends a form without faults; otherwise shows them at their fields, from the first attempt on. */
function useSending(trainer: Trainer) {
  const navigate = useNavigate();
  const draft = useTrainingDraft();
  const form = useRef<HTMLFormElement>(null);
  const [attempts, setAttempts] = useState(0);
  const hasRefusedNumber = useRefusedNumbers(anyRefused);
  const problems = problemsOf(draft, trainer);
  const sending = useSubmit(async () => {
    const run = await api.call('train', { body: requestOf(draft, trainer) });
    await loadTask(run.id);
    clearDraft();
    navigate(`/training/${run.id}`);
  });
  useRefusedFocus(form, attempts);
  useRefusedFocus(form, sending.problem);
  const send = (event: FormEvent) => {
    const isRefused = problems.pictures !== null || problems.name !== null || hasRefusedNumber;
    if (!isRefused) return sending.submit(event);
    event.preventDefault();
    setAttempts((count) => count + 1);
  };
  return { form, send, own: attempts > 0 ? problems : NOTHING, sending };
}

interface SubmitProps {
  trainer: Trainer;
  estimate: TrainingEstimate | null;
  busy: boolean;
  problem: string | null;
}

/** The primary button: what it does and how long it takes, or why it is disabled. */
function Submit({ trainer, estimate, busy, problem }: SubmitProps) {
  const { t } = useTranslation();
  const uploading = useTrainingDraft(isUploading);
  const count = useTrainingDraft((draft) =>
    draft.pictures.length > 0 ? problemsOf(draft, trainer).pictures : null,
  );
  const offline = useTasks((state) => state.connection === 'lost');
  const hasRefusedNumber = useRefusedNumbers(anyRefused);
  const seconds = estimate?.seconds ?? null;
  const obstacle = offline
    ? t('pill.lostLong')
    : !trainer.available
      ? t('training.lacks')
      : uploading
        ? t('training.uploading')
        : null;
  return (
    <div className={styles.submit}>
      <Button type="primary" size="large" htmlType="submit" loading={busy} disabled={obstacle !== null}>
        {t('training.train')}
        {seconds !== null && (
          <span className={styles.cost}>{t('composer.about', { time: roughly(seconds) })}</span>
        )}
      </Button>
      <p className={styles.hint} role="status">
        {obstacle ??
          (hasRefusedNumber ? t('composer.numberFirst') : count !== null && t(count, trainer.images))}
      </p>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
