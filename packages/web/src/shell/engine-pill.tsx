/** What is going on, in one line: lost connection, work, a thing that is missing, or how many engines are ready. */
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useShallow } from 'zustand/shallow';
import { spokenLanguage } from '../i18n/i18n.ts';
import { useStudio } from '../state/studio.ts';
import { useTasks } from '../state/tasks.ts';
import styles from './engine-pill.module.css';

export function EnginePill() {
  const { text, tone, long } = usePillText();
  return (
    <Link to="/settings" className={styles.pill} data-tone={tone} title={long ?? text}>
      <span className={styles.dot} />
      <span className={styles.text} role="status">
        {text}
      </span>
    </Link>
  );
}

type Pill = { text: string; tone: 'ready' | 'alive' | 'trouble' | 'waiting'; long?: string };

function usePillText(): Pill {
  const { t } = useTranslation();
  const connection = useTasks((state) => state.connection);
  const work = useWork();
  const training = useTrainingPercent();
  const engines = useStudio((state) => state.engines);
  const loaded = useStudio((state) => state.loaded);
  if (connection === 'lost') return { text: t('pill.lost'), tone: 'trouble', long: t('pill.lostLong') };
  if (work.total > 0) return { text: t('pill.painting', work), tone: 'alive' };
  if (training !== null) return { text: t('pill.training', { percent: training }), tone: 'alive' };
  if (!loaded || connection === 'connecting') return { text: t('pill.connecting'), tone: 'waiting' };
  const ready = engines.filter(({ status }) => ['ready', 'idle', 'busy'].includes(status));
  if (ready.length === 0) return { text: t('pill.none'), tone: 'trouble' };
  const lacking = ready.find((engine) => engine.missing.length > 0);
  if (lacking) {
    const name = lacking.label[spokenLanguage()];
    return { text: t('pill.missing', { name, count: lacking.missing.length }), tone: 'alive' };
  }
  return { text: t('pill.engines', { count: ready.length }), tone: 'ready' };
}

/** How far the training that runs is; null while none does. */
function useTrainingPercent(): number | null {
  return useTasks(({ entries }) => {
    const run = Object.values(entries).find(
      ({ item }) => item.task_kind === 'training' && item.status === 'running',
    );
    return run ? Math.floor(run.item.progress * 100) : null;
  });
}

/** Pictures of all tasks under way: which one is painted now, of how many. */
function useWork(): { done: number; total: number } {
  return useTasks(
    useShallow(({ entries }) => {
      let [done, total] = [0, 0];
      for (const { item } of Object.values(entries)) {
        if (item.status !== 'running' && item.status !== 'queued') continue;
        if (item.task_kind === 'control_preview' || item.task_kind === 'training') continue;
        total += item.total_frames;
        done += item.output_paths.length;
      }
      return { done: Math.min(done + 1, total), total };
    }),
  );
}
