/** The form of a new training, generated from the trainer's description. */
import type { Trainer } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../../api/api.ts';
import { roughly } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { anyRefused, useRefusedNumbers } from '../../state/draft/refused-numbers.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { Empty } from '../../ui/empty.tsx';
import { StyleFields } from '../../ui/form/style-fields.tsx';
import { useSubmit } from '../../ui/form/use-submit.ts';
import { ChosenSet } from './chosen-set.tsx';
import { Estimate } from './estimate.tsx';
import styles from './new-run.module.css';
import { ParamField } from './param-field.tsx';
import { PicturesField } from './pictures-field.tsx';
import { changeDraft, clearDraft, obstacle, paramsFor, requestOf, useTrainingDraft } from './run-draft.ts';
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
  const sending = useSubmit(async () => {
    const run = await api.call('train', { body: requestOf(draft, trainer) });
    await loadTask(run.id);
    clearDraft();
    navigate(`/training/${run.id}`);
  });

  return (
    <form className={styles.form} aria-label={t('training.new')} onSubmit={sending.submit}>
      <header>
        <h2>{t('training.title')}</h2>
        <p className={styles.about}>{trainer.description[spokenLanguage()]}</p>
      </header>
      <ChosenSet problem={sending.at('dataset')} />
      {draft.dataset === null && <PicturesField trainer={trainer} problem={sending.at('images')} />}
      <div className={styles.columns}>
        <section>
          <StyleFields
            value={draft}
            onChange={changeDraft}
            label={t('training.styleName')}
            triggersHint={t('training.triggersHint')}
            nameProblem={sending.at('style_name')}
            triggersProblem={sending.at('trigger')}
          />
        </section>
        <section>
          {trainer.params.map((param) => (
            <ParamField key={param.key} param={param} problem={sending.at(`params.${param.key}`)} />
          ))}
        </section>
      </div>
      <Estimate trainer={trainer} />
      <Submit
        trainer={trainer}
        busy={sending.busy}
        problem={sending.besides('images', 'dataset', 'style_name', 'trigger', 'params')}
      />
    </form>
  );
}

/** The primary button: what it does and how long it takes, or why it is disabled. */
function Submit({ trainer, busy, problem }: { trainer: Trainer; busy: boolean; problem: string | null }) {
  const { t } = useTranslation();
  const draft = useTrainingDraft();
  const offline = useTasks((state) => state.connection === 'lost');
  const inTheWay = obstacle(draft, trainer, useRefusedNumbers(anyRefused));
  const { min, max } = trainer.images;
  const pace = trainer.seconds_per_step;
  const seconds = pace === null ? null : pace * Number(paramsFor(trainer, draft.params).steps);
  return (
    <div className={styles.submit}>
      <Button
        type="primary"
        size="large"
        htmlType="submit"
        loading={busy}
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
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
