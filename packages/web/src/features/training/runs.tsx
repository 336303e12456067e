import type { TaskListItem } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { ago } from '../../i18n/format.ts';
import { useTasks } from '../../state/tasks.ts';
import { Icon } from '../../ui/icon.tsx';
import list from '../../ui/side-list.module.css';
import { waitingWords } from '../../ui/status-words.ts';
import { TrainingTabs } from '../../ui/training-tabs.tsx';
import styles from './runs.module.css';
import { SampleCell } from './sample-sheet.tsx';

interface RunsProps {
  ids: number[];
  shown: number | null;
  ready: boolean;
}

/** Every run, newest first, and the way to a new one. */
export function Runs({ ids, shown, ready }: RunsProps) {
  const { t } = useTranslation();
  return (
    <aside className={list.pane} aria-label={t('training.runs')}>
      <div className={styles.tabs}>
        <TrainingTabs />
      </div>
      <Link to="/training/new" className={styles.new} aria-current={shown === null ? 'page' : undefined}>
        <Icon name="plus" />
        {t('training.new')}
      </Link>
      <ul className={list.items}>
        {ids.map((id) => (
          <RunRow key={id} id={id} shown={id === shown} />
        ))}
      </ul>
      {ready && ids.length === 0 && <p className={styles.none}>{t('training.noRuns')}</p>}
    </aside>
  );
}

function RunRow({ id, shown }: { id: number; shown: boolean }) {
  const item = useTasks((state) => state.entries[id]?.item);
  if (!item) return null;
  const sheet = item.output_paths[0];
  return (
    <li className={list.row} data-shown={shown} data-failed={item.status === 'failed'}>
      <Link to={`/training/${id}`} className={list.choose} aria-current={shown ? 'page' : undefined}>
        <span className={list.picture}>
          {sheet ? <SampleCell url={sheet} column={0} row={1} /> : <Icon name={iconOf(item)} />}
        </span>
        <span className={list.words}>
          <b>{item.prompt}</b>
          <RunState item={item} />
        </span>
      </Link>
    </li>
  );
}

const iconOf = ({ status }: TaskListItem) => (status === 'failed' ? 'warning' : 'training');

function RunState({ item }: { item: TaskListItem }) {
  const { t } = useTranslation();
  if (item.status === 'running') {
    return (
      <span className={list.alive}>
        {waitingWords(item, t) ?? t('training.working', { percent: Math.floor(item.progress * 100) })}
      </span>
    );
  }
  if (item.status === 'completed') return <span>{ago(item.created_at)}</span>;
  return <span>{t(`status.${item.status}`)}</span>;
}
