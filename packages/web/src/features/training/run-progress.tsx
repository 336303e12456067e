/** How far a run is, what it does now, how long it still takes, and whether its trainer is silent. */
import type { Training } from '@limner/contract';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { about, roughly } from '../../i18n/format.ts';
import styles from './run-view.module.css';
import { useTrainers } from './use-trainings.ts';

/** From then on a silence is told. */
const SILENT_MS = 2 * 60_000;
const LOOK_EVERY_MS = 10_000;
/** A pace that is measured in less is noise. */
const PACE_MS = 5000;

export function RunProgress({ run }: { run: Training }) {
  const { t } = useTranslation();
  const left = useSecondsLeft(run);
  const silent = useSilence(run);
  const { step, steps, status, phase, waits_for, paused_lane } = run;
  if (status === 'completed') return null;
  const live = status === 'running';
  return (
    <div className={styles.progress}>
      <div
        className={styles.bar}
        data-live={live}
        role="progressbar"
        aria-label={t('training.steps')}
        aria-valuenow={step}
        aria-valuemax={steps}
      >
        <span style={{ width: `${(100 * step) / Math.max(1, steps)}%` }} />
      </div>
      <div className={styles.facts}>
        {live && phase && phase !== 'training' && (
          <span className={styles.alive}>
            {phase === 'waiting' && waits_for
              ? t('training.waitsFor', { id: waits_for })
              : t(`training.phase.${phase}`)}
          </span>
        )}
        <span className={live ? styles.alive : undefined}>
          {live
            ? t('training.step', { step, steps })
            : t(`training.state.${paused_lane ? 'paused' : status}`, { step, steps })}
        </span>
        {left !== null && left > 1 && (
          <span>{t('wall.left', { time: about({ low: left, high: left }) })}</span>
        )}
      </div>
      {silent !== null && (
        <p className={styles.silent} role="status">
          {t('training.silent', { time: roughly(silent) })}
        </p>
      )}
    </div>
  );
}

/** By the pace of this run while the page is open; before that, by earlier runs of its trainer. null: not known. */
function useSecondsLeft({ status, step, steps, phase, trainer }: Training): number | null {
  const { value: trainers } = useTrainers();
  const counts = status === 'running' && phase !== 'waiting' && step > 0;
  const [first, setFirst] = useState<{ step: number; ms: number } | null>(null);
  useEffect(() => {
    // A run that begins again counts from there.
    setFirst((held) => (!counts ? null : held && held.step <= step ? held : { step, ms: Date.now() }));
  }, [counts, step]);
  if (!counts) return null;
  const usual = trainers?.find(({ id }) => id === trainer)?.seconds_per_step ?? null;
  const seen = first && step > first.step && Date.now() - first.ms > PACE_MS;
  const pace = seen ? (Date.now() - first.ms) / 1000 / (step - first.step) : usual;
  return pace === null ? null : pace * (steps - step);
}

/** Seconds since the last sign of life; null: it is not silent. */
function useSilence({ status, heard_at }: Training): number | null {
  const [nowMs, setNowMs] = useState(() => Date.now());
  const live = status === 'running' && heard_at !== null;
  useEffect(() => {
    if (!live) return;
    const timer = setInterval(() => setNowMs(Date.now()), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [live]);
  const silentMs = live ? nowMs - Date.parse(heard_at) : 0;
  return silentMs >= SILENT_MS ? silentMs / 1000 : null;
}
