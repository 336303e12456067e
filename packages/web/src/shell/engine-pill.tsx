/** The status in one line: lost connection, work, a server that is away, a missing thing, or the number of ready engines. */
import { isMissed } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useShallow } from 'zustand/shallow';
import { spokenLanguage } from '../i18n/i18n.ts';
import { sentenceOf } from '../i18n/problem.ts';
import { useQueue } from '../state/queue.ts';
import { useStudio } from '../state/studio.ts';
import { useTasks } from '../state/tasks.ts';
import styles from './engine-pill.module.css';

export function EnginePill() {
  const { text, tone, long, to } = usePill();
  return (
    <Link to={to ?? '/settings/engines'} className={styles.pill} data-tone={tone} title={long ?? text}>
      <span className={styles.dot} />
      <span className={styles.text} role="status">
        {text}
      </span>
    </Link>
  );
}

type Pill = { text: string; tone: 'ready' | 'alive' | 'trouble' | 'waiting'; long?: string; to?: string };

function usePill(): Pill {
  const { t } = useTranslation();
  const connection = useTasks((state) => state.connection);
  const socketProblem = useTasks((state) => state.socketProblem);
  const work = useWork();
  const training = useTraining();
  const paused = usePausedWork();
  const engines = useStudio((state) => state.engines);
  const loaded = useStudio((state) => state.loaded);
  if (connection === 'lost') return { text: t('pill.lost'), tone: 'trouble', long: t('pill.lostLong') };
  if (paused > 0 && !work.isRunning)
    return { text: t('pill.paused', { count: paused }), tone: 'waiting', to: '/queue' };
  if (work.painting > 0) return { text: t('pill.painting', work), tone: 'alive', to: '/queue' };
  if (work.total > 0) return { text: t('pill.waiting', work), tone: 'waiting', to: '/queue' };
  if (training) {
    const { id, percent } = training;
    return { text: t('pill.training', { percent }), tone: 'alive', to: `/training/${id}` };
  }
  if (connection === 'polling')
    return { text: t('pill.polling'), tone: 'waiting', long: sentenceOf(socketProblem) };
  if (!loaded || connection === 'connecting') return { text: t('pill.connecting'), tone: 'waiting' };
  const ready = engines.filter(({ status }) => ['ready', 'idle', 'busy'].includes(status));
  if (ready.length === 0) return { text: t('pill.none'), tone: 'trouble' };
  const away = engines.filter(isMissed);
  const [first] = away;
  if (first) {
    const name = first.label[spokenLanguage()];
    const text = away.length > 1 ? t('pill.severalAway', { count: away.length }) : t('pill.away', { name });
    return { text, tone: 'waiting', long: `${text} · ${t('pill.engines', { count: ready.length })}` };
  }
  const lacking = ready.find((engine) => engine.missing.length > 0);
  if (lacking) {
    const name = lacking.label[spokenLanguage()];
    return {
      text: t('pill.missing', { name, count: lacking.missing.length }),
      tone: 'alive',
      to: '/settings/models',
    };
  }
  return { text: t('pill.engines', { count: ready.length }), tone: 'ready' };
}

/** The number of tasks that wait in paused lanes. */
const usePausedWork = (): number =>
  useQueue(({ lanes }) =>
    lanes.reduce((sum, lane) => sum + (lane.paused_at === null ? 0 : lane.waiting.length), 0),
  );

/** The training that computes and its progress; null if none. */
function useTraining(): { id: number; percent: number } | null {
  return useTasks(
    useShallow(({ entries }) => {
      const run = Object.values(entries).find(
        ({ item }) => item.task_kind === 'training' && item.status === 'running' && item.waits_behind == null,
      );
      return run ? { id: run.item.id, percent: Math.floor(run.item.progress * 100) } : null;
    }),
  );
}

/** Over the pictures of all unfinished tasks: how many are painted now, finished, and asked for; and whether a task runs. */
function useWork(): { painting: number; done: number; total: number; isRunning: boolean } {
  return useTasks(
    useShallow(({ entries }) => {
      let [painting, done, total] = [0, 0, 0];
      let isRunning = false;
      for (const { item } of Object.values(entries)) {
        if (item.status !== 'running' && item.status !== 'queued') continue;
        if (item.task_kind === 'control_preview' || item.task_kind === 'training') continue;
        isRunning ||= item.status === 'running';
        painting += item.painting_frames ?? 0;
        total += item.total_frames;
        done += item.finished_frames;
      }
      return { painting, done, total, isRunning };
    }),
  );
}
