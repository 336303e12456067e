/** One run: its progress, loss, log, samples and actions. What its trainer does not tell has no place. */
import type { Training } from '@limner/contract';
import { Button } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { Link, useNavigate } from 'react-router';
import { ago, duration, secondsBetween } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { sentenceOf, sentenceOfBody } from '../../i18n/problem.ts';
import { ask } from '../../state/ask.ts';
import { deleteTask } from '../../state/deletion.ts';
import { chooseStyle, useStudio } from '../../state/studio.ts';
import { cancelTask, retryTask } from '../../state/task-actions.ts';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Thumb } from '../../ui/pictures/thumb.tsx';
import { Checkpoints } from './checkpoints.tsx';
import { LossCurve } from './loss-curve.tsx';
import cells from './picture-cell.module.css';
import { repeatRun, useTrainingDraft } from './run-draft.ts';
import { RunLog } from './run-log.tsx';
import { RunProgress } from './run-progress.tsx';
import styles from './run-view.module.css';
import { SampleSheet } from './sample-sheet.tsx';
import { StyleServers } from './style-servers.tsx';
import { useTrainers, useTraining } from './use-trainings.ts';

export function RunView({ id }: { id: number }) {
  const { t } = useTranslation();
  const { value: run, problem } = useTraining(id);
  if (!run) return problem ? <Empty sentence={sentenceOf(problem)} /> : null;
  const live = run.status === 'running';
  return (
    <article className={styles.run} aria-label={run.style_name}>
      <header className={styles.head}>
        <h2>{run.style_name}</h2>
        <Facts run={run} />
      </header>
      <RunProgress run={run} />
      {run.error && (
        <p className={styles.problem} role="alert">
          <Icon name="warning" />
          {sentenceOfBody(run.error)}
        </p>
      )}
      {run.lora_notice && (
        <p className={styles.problem} role="status">
          <Icon name="warning" />
          {run.lora_notice[spokenLanguage()]}
        </p>
      )}
      <Actions run={run} />
      {run.style_id !== null && run.output_lora_path && (
        <StyleServers style={run.style_id} file={run.output_lora_path} />
      )}
      <div className={styles.columns}>
        <section>
          {run.loss.length > 0 && (
            <>
              <h3>{t('training.loss')}</h3>
              <LossCurve loss={run.loss} steps={run.steps} />
            </>
          )}
          {run.log_url && <RunLog url={run.log_url} live={live} />}
          <Checkpoints run={run} />
          <h3>{t('training.pictures')}</h3>
          <Pictures run={run} />
        </section>
        <section>
          <h3>{t('training.samples')}</h3>
          {run.preview_url ? (
            <SampleSheet url={run.preview_url} live={live} />
          ) : (
            <p className={styles.waiting}>
              {t(
                live
                  ? run.has_samples
                    ? 'training.samplesSoon'
                    : 'training.samplesNever'
                  : 'training.samplesNone',
              )}
            </p>
          )}
        </section>
      </div>
    </article>
  );
}

function Facts({ run }: { run: Training }) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const trainers = useTrainers();
  const trainer = trainers.value?.find(({ id }) => id === run.trainer);
  const family = useStudio(({ families }) => families.find(({ id }) => id === run.family));
  const rate = run.params.learning_rate;
  const took = run.status === 'completed' ? secondsBetween(run.started_at, run.completed_at) : null;
  return (
    <div className={styles.facts}>
      <span>{t(`styles.${run.style_type}`)}</span>
      <span>
        {t('composer.model')} {family?.label[language] ?? run.family}
      </span>
      <span>
        {t('training.steps')} {run.steps}
      </span>
      <span>{t('common.pictures', { count: run.images.length })}</span>
      {run.dataset && (
        <Link to={`/datasets/${run.dataset.id}`} className={styles.set}>
          {t('datasets.ofRun', { name: run.dataset.name, number: run.dataset.version })}
        </Link>
      )}
      {rate !== undefined && <span>{t('training.rate', { rate: Number(rate) })}</span>}
      {run.trigger_words && <code>{run.trigger_words}</code>}
      {took !== null && <span>{t('training.took', { time: duration(took) })}</span>}
      <span>{ago(run.created_at)}</span>
      <span className={styles.trainer}>
        {trainers.problem !== null || trainers.value ? (
          `${t('training.trainer')} ${trainer?.label[language] ?? run.trainer}`
        ) : (
          // Its label is not known yet. It stands last and keeps a place, so that nothing jumps.
          <span aria-hidden="true" />
        )}
      </span>
    </div>
  );
}

function Actions({ run }: { run: Training }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { id, status, resume_step: step, style_id: style } = run;
  const live = status === 'running' || status === 'queued';
  const use = () => {
    if (style === null) return;
    chooseStyle(style);
    navigate('/');
  };
  const repeat = async () => {
    if (useTrainingDraft.getState().pictures.length > 0 && !(await ask(replacing(t)))) return;
    repeatRun(run);
    navigate('/training/new');
  };
  return (
    <div className={styles.actions}>
      {style !== null && (
        <Button type="primary" icon={<Icon name="brush" />} onClick={use}>
          {t('training.use')}
        </Button>
      )}
      {style !== null && run.output_lora_path && (
        <Button icon={<Icon name="compare" />} onClick={() => navigate(`/training/lab?style=${style}`)}>
          {t('training.compare')}
        </Button>
      )}
      {run.output_lora_path && (
        <Button icon={<Icon name="download" />} href={run.output_lora_path}>
          {t('training.download')}
        </Button>
      )}
      {live && <Button onClick={() => void cancelTask(id)}>{t('common.cancel')}</Button>}
      {(status === 'cancelled' || status === 'failed') && (
        <Button type="primary" icon={<Icon name="retry" />} onClick={() => void retryTask(id)}>
          {step > 0 ? t('training.resume', { step }) : t('training.again')}
        </Button>
      )}
      <Button type="text" icon={<Icon name="copy" />} onClick={() => void repeat()}>
        {t('training.repeat')}
      </Button>
      {!live && (
        <Button
          type="text"
          icon={<Icon name="trash" />}
          onClick={() => void deleteTask(id).then((gone) => gone && navigate('/training'))}
        >
          {t('training.delete')}
        </Button>
      )}
      {(status === 'cancelled' || status === 'failed') && step === 0 && run.step > 0 && (
        <p className={styles.gone}>{t('training.fromStart')}</p>
      )}
      {status === 'completed' && style === null && <p className={styles.gone}>{t('training.styleGone')}</p>}
    </div>
  );
}

const replacing = (t: TFunction) => ({
  title: t('training.replaceDraft'),
  lines: [t('training.replaceDraftLine')],
  confirm: t('training.replace'),
  keep: t('training.keepDraft'),
});

function Pictures({ run }: { run: Training }) {
  return (
    <ul className={styles.pictures}>
      {run.images.map(({ id, url, caption }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: one picture may stand there twice, and the order is fixed
        <li key={`${id} ${index}`} className={cells.cell} title={caption || undefined}>
          {url ? <Thumb url={url} alt={caption} width={56} /> : <Icon name="image" />}
        </li>
      ))}
    </ul>
  );
}
