/** Starts a check with repair, and shows how far a repair is, whoever started it. */
import type { RepairState } from '@limner/contract';
import { Button, Progress } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { recoverFiles } from './recover-files.ts';
import styles from './storage-repair.module.css';

const POLL_MS = 1_000;

export function StorageRepair({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const state = useRepairState(isBusy, onDone);
  const start = async () => {
    setBusy(true);
    await recoverFiles();
    setBusy(false);
    onDone();
  };
  return (
    <section className={styles.repair} aria-labelledby="repair">
      <h2 id="repair">{t('storage.repair')}</h2>
      <p>{t('storage.repairSub')}</p>
      {state && <Running state={state} />}
      <Button loading={isBusy} onClick={() => void start()}>
        {t('storage.check')}
      </Button>
    </section>
  );
}

function Running({ state: { dry_run, phase, done, total } }: { state: RepairState }) {
  const { t } = useTranslation();
  const doing = dry_run && phase === 'recovery' ? 'reading' : phase;
  const words =
    total === null
      ? t('storage.repairFiles', { count: done })
      : t(`storage.repairPhase.${doing}`, { done, total });
  return (
    <div role="status" className={styles.running}>
      {words}
      {total !== null && total > 0 && (
        <Progress percent={Math.floor((done / total) * 100)} aria-label={words} />
      )}
    </div>
  );
}

/** null: no repair runs. Asked once, and again while one runs or this page has started one. */
function useRepairState(isBusy: boolean, onEnd: () => void): RepairState | null {
  const [state, setState] = useState<RepairState | null>(null);
  const wasRunning = useRef(false);
  const isPolled = isBusy || state !== null;
  useEffect(() => {
    const read = async () => {
      const now = await api.call('repairState', {}).catch(() => null);
      setState(now?.running ? now : null);
      if (wasRunning.current && !now?.running) onEnd();
      wasRunning.current = now?.running ?? false;
    };
    void read();
    if (!isPolled) return;
    const timer = setInterval(() => void read(), POLL_MS);
    return () => clearInterval(timer);
  }, [isPolled, onEnd]);
  return state;
}
