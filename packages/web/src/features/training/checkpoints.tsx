/** LoRAs after earlier steps: to download, to compare in the lab, and to make one of them the style. */
import { MAX_CHECKPOINTS, type Training, type TrainingCheckpoint } from '@limner/contract';
import { Button } from 'antd';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { api } from '../../api/api.ts';
import { bytes } from '../../i18n/format.ts';
import { notify } from '../../state/notices.ts';
import { loadStyles } from '../../state/studio.ts';
import { attempt, downloadOutput } from '../../state/task-actions.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './checkpoints.module.css';

export function Checkpoints({ run }: { run: Training }) {
  const { t } = useTranslation();
  if (run.checkpoints.length === 0) return null;
  return (
    <>
      <h3>{t('training.checkpoints')}</h3>
      <p className={styles.about}>{t('training.checkpointsAbout', { limit: MAX_CHECKPOINTS })}</p>
      <ul className={styles.list} aria-label={t('training.checkpoints')}>
        {run.checkpoints.map((checkpoint) => (
          <Checkpoint key={checkpoint.step} run={run} checkpoint={checkpoint} />
        ))}
      </ul>
      <Compare run={run} />
    </>
  );
}

interface CheckpointProps {
  run: Training;
  checkpoint: TrainingCheckpoint;
}

function Checkpoint({ run, checkpoint: { step, size_bytes, in_use, ...file } }: CheckpointProps) {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const choose = async () => {
    setBusy(true);
    await attempt(async () => {
      // The run is asked for again as its task has changed.
      await api.call('chooseCheckpoint', { params: { id: run.id }, body: { step } });
      await loadStyles();
      notify({ text: i18next.t('training.checkpointUsed', { step, style: run.style_name }), tone: 'news' });
    });
    setBusy(false);
  };
  return (
    <li>
      <span className={styles.step}>{t('training.checkpointStep', { step })}</span>
      <span className={styles.size}>{bytes(size_bytes)}</span>
      <Button
        type="text"
        size="small"
        icon={<Icon name="download" />}
        aria-label={t('training.checkpointDownload', { step })}
        onClick={() => downloadOutput(file)}
      />
      <Button
        size="small"
        disabled={in_use}
        loading={isBusy}
        aria-label={in_use ? undefined : t('training.checkpointUseStep', { step })}
        onClick={() => void choose()}
      >
        {in_use ? t('training.checkpointInUse') : t('training.checkpointUse')}
      </Button>
    </li>
  );
}

/** A lab paints with the run's style. */
function Compare({ run: { style_id } }: { run: Training }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  if (style_id === null) return <p className={styles.about}>{t('training.checkpointsNoStyle')}</p>;
  return (
    <Button
      icon={<Icon name="compare" />}
      onClick={() => navigate(`/training/lab?style=${style_id}&steps=1`)}
    >
      {t('training.checkpointsCompare')}
    </Button>
  );
}
