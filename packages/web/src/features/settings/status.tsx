/** What runs, what waits and what is wrong, with the cure. */
import { type EngineHealth, isMissed, isOutOfReach, type StudioStatus } from '@limner/contract';
import { Button } from 'antd';
import { type ReactNode, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { ago, bytes, duration } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { sentenceOf, sentenceOfBody } from '../../i18n/problem.ts';
import { useStudio } from '../../state/studio.ts';
import { Empty } from '../../ui/empty.tsx';
import { SectionHead } from './section-head.tsx';
import styles from './status.module.css';

const REFRESH_MS = 10_000;

export function Status() {
  const { t } = useTranslation();
  const { status, problem, read } = useStatus();
  return (
    <div>
      <SectionHead title={t('studioStatus.title')} sub={t('studioStatus.sub')} />
      {problem != null && (
        <Empty sentence={sentenceOf(problem)}>
          <Button onClick={read}>{t('common.tryAgain')}</Button>
        </Empty>
      )}
      {problem == null && status && (
        <>
          <Problems status={status} />
          <Processes status={status} />
          <Lanes status={status} />
          <Servers />
          <Errors status={status} />
          <Places status={status} />
        </>
      )}
    </div>
  );
}

/** Read again every few seconds while the page is seen. What was read stays if a later reading fails. */
function useStatus() {
  const [status, setStatus] = useState<StudioStatus | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const read = useCallback(() => {
    const known = (found: StudioStatus) => {
      setStatus(found);
      setProblem(null);
    };
    api.call('status', {}).then(known, setProblem);
  }, []);
  useEffect(() => {
    read();
    const timer = setInterval(() => document.visibilityState === 'visible' && read(), REFRESH_MS);
    return () => clearInterval(timer);
  }, [read]);
  return { status, problem, read };
}

interface OfStatus {
  status: StudioStatus;
}

function Problems({ status: { problems } }: OfStatus) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  if (problems.length === 0)
    return (
      <p className={styles.well}>
        <i className={styles.dot} data-state="good" aria-hidden="true" />
        {t('studioStatus.well')}
      </p>
    );
  return (
    <ul className={styles.problems} aria-label={t('studioStatus.problems')}>
      {problems.map(({ what, cure }) => (
        <li key={what.en}>
          <b>{what[language]}</b>
          <p>{cure[language]}</p>
        </li>
      ))}
    </ul>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={styles.part} aria-label={title}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface RowProps {
  state: 'good' | 'wait' | 'bad' | 'off';
  name: string;
  about?: string;
  figures: (string | null)[];
}

function Row({ state, name, about, figures }: RowProps) {
  return (
    <li>
      <i className={styles.dot} data-state={state} aria-hidden="true" />
      <div>
        <b>{name}</b>
        {about && <p>{about}</p>}
      </div>
      <span>{figures.filter(Boolean).join(' · ')}</span>
    </li>
  );
}

function Processes({ status: { processes } }: OfStatus) {
  const { t } = useTranslation();
  return (
    <Part title={t('studioStatus.processes')}>
      <ul className={styles.rows}>
        {processes.map((each) => (
          <Row
            key={each.name}
            state={each.alive ? 'good' : 'bad'}
            name={each.is_this ? t('studioStatus.thisOne', { name: each.name }) : each.name}
            about={`${t(each.role === 'worker' ? 'studioStatus.worker' : each.paints ? 'studioStatus.servePaints' : 'studioStatus.serve')} · ${each.version}`}
            figures={[
              // A killed process counts as alive until it has missed three signs of life.
              t('studioStatus.seen', { time: duration(each.seen_seconds_ago) }),
              ...(each.alive
                ? [
                    t('studioStatus.since', { time: ago(each.started_at) }),
                    t('studioStatus.lag', { ms: Math.round(each.lag_seconds * 1000) }),
                    bytes(each.memory_bytes),
                  ]
                : []),
            ]}
          />
        ))}
      </ul>
    </Part>
  );
}

/** Lanes without a task are left out, unless they are paused. */
function Lanes({ status: { lanes } }: OfStatus) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const shown = lanes.filter(({ queued, running, paused }) => queued + running > 0 || paused);
  return (
    <Part title={t('studioStatus.lanes')}>
      {shown.length === 0 && <p className={styles.none}>{t('studioStatus.noTasks')}</p>}
      <ul className={styles.rows}>
        {shown.map(({ id, engine, queued, running, oldest_seconds, paused }) => (
          <Row
            key={id}
            state={paused ? 'bad' : running > 0 ? 'good' : 'wait'}
            name={engine[language]}
            about={id}
            figures={[
              paused ? t('studioStatus.paused') : null,
              t('studioStatus.waiting', { count: queued }),
              t('studioStatus.running', { count: running }),
              oldest_seconds === null ? null : t('studioStatus.oldest', { time: duration(oldest_seconds) }),
            ]}
          />
        ))}
      </ul>
    </Part>
  );
}

/** Turned off, or never there. */
const isIdleByChoice = (engine: EngineHealth): boolean =>
  engine.status === 'disabled' || isOutOfReach(engine);

function Servers() {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const { engines } = useStudio();
  return (
    <Part title={t('studioStatus.servers')}>
      <ul className={styles.rows}>
        {engines.map((engine) => (
          <Row
            key={engine.id}
            state={isMissed(engine) ? 'bad' : isIdleByChoice(engine) ? 'off' : 'good'}
            name={engine.label[language]}
            {...(engine.url ? { about: engine.url } : {})}
            figures={[t(`settings.status.${engine.status}`)]}
          />
        ))}
      </ul>
    </Part>
  );
}

function Errors({ status: { errors } }: OfStatus) {
  const { t } = useTranslation();
  return (
    <Part title={t('studioStatus.errors')}>
      {errors.length === 0 && <p className={styles.none}>{t('studioStatus.noErrors')}</p>}
      <ul className={styles.rows}>
        {errors.map(({ code, count, last_at, error }) => (
          <Row
            key={code}
            state="bad"
            name={code}
            about={sentenceOfBody(error)}
            figures={[t('studioStatus.times', { count }), ago(last_at)]}
          />
        ))}
      </ul>
    </Part>
  );
}

function Places({ status: { database, storage, redis } }: OfStatus) {
  const { t } = useTranslation();
  const { disk, kind } = storage;
  const free = disk && t('storage.free', { size: bytes(disk.free_bytes), total: bytes(disk.total_bytes) });
  return (
    <Part title={t('studioStatus.places')}>
      <ul className={styles.rows}>
        <Row
          state="good"
          name={t('studioStatus.database')}
          about={database.kind === 'sqlite' ? 'SQLite' : 'PostgreSQL'}
          figures={[bytes(database.size_bytes)]}
        />
        <Row
          state="good"
          name={t('studioStatus.files')}
          about={t(`studioStatus.${kind}`)}
          figures={[kind === 'folder' ? free : null]}
        />
        {kind === 'bucket' && <Row state="good" name={t('studioStatus.folder')} figures={[free]} />}
        {redis && (
          <Row
            state={redis === 'ready' ? 'good' : 'bad'}
            name="Redis"
            figures={[t(redis === 'ready' ? 'studioStatus.redisReady' : 'studioStatus.redisAway')]}
          />
        )}
      </ul>
    </Part>
  );
}
