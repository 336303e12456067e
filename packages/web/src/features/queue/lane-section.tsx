import type { QueueLane } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { clock } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { pauseLane } from '../../state/queue.ts';
import styles from './queue-page.module.css';
import { RunningRow } from './running-row.tsx';
import { WaitingList } from './waiting-list.tsx';

export function LaneSection({ lane }: { lane: QueueLane }) {
  const { t } = useTranslation();
  const kinds = lane.kinds.map((kind) => t(`kind.${kind}`)).join(t('common.list'));
  const name = lane.engine[spokenLanguage()];
  const full = `${name}: ${kinds}`;
  const isPaused = lane.paused_at !== null;
  return (
    <section className={styles.lane} aria-label={full} data-paused={isPaused}>
      <header className={styles.laneHead}>
        <div>
          <h2>{name}</h2>
          <span className={styles.kinds}>
            <span>{kinds}</span>
            {lane.running.length + lane.waiting.length === 0 && <span>{t('queue.idle')}</span>}
          </span>
        </div>
        {lane.paused_at !== null && (
          <span className={styles.paused}>{t('queue.paused', { time: clock(lane.paused_at) })}</span>
        )}
        <Button
          aria-label={t(isPaused ? 'queue.resumeLane' : 'queue.pauseLane', { lane: full })}
          onClick={() => void pauseLane(lane.id, !isPaused)}
        >
          {t(isPaused ? 'queue.resume' : 'queue.pause')}
        </Button>
      </header>
      {isPaused && <p className={styles.quiet}>{t('queue.pausedHint')}</p>}
      {lane.running.length > 0 && (
        <ul className={styles.rows} aria-label={t('queue.running')}>
          {lane.running.map((running) => (
            <RunningRow key={running.task} running={running} engine={name} />
          ))}
        </ul>
      )}
      {lane.waiting.length > 0 && <WaitingList waiting={lane.waiting} />}
    </section>
  );
}
