/** What the training would take, and whose figures these are. */
import type { Trainer, TrainingEstimate } from '@limner/contract';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { bytes, roughly } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import styles from './new-run.module.css';
import { paramsFor, useTrainingDraft } from './run-draft.ts';

/** After the last change of the form. */
const PAUSE_MS = 400;

export function Estimate({ trainer }: { trainer: Trainer }) {
  const { t } = useTranslation();
  const [estimate, setEstimate] = useState<TrainingEstimate | null>(null);
  const { params, pictures } = useTrainingDraft();
  const asked = JSON.stringify([trainer.id, paramsFor(trainer, params), Math.max(1, pictures.length)]);
  useEffect(() => {
    const [id, chosen, count] = JSON.parse(asked);
    const body = { trainer: id, params: chosen, pictures: count };
    let isWanted = true;
    const timer = setTimeout(() => {
      api.call('estimateTraining', { body }).then(
        (found) => isWanted && setEstimate(found),
        // A value that is out of range is told beside its field.
        () => isWanted && setEstimate(null),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [asked]);
  if (!estimate) return null;
  const { seconds, seconds_from, memory_bytes, memory_from } = estimate;
  const language = spokenLanguage();
  return (
    <p className={styles.hint}>
      {t('training.takes', {
        time: seconds === null ? t('training.notKnown') : roughly(seconds),
        from: seconds_from?.[language] ?? t('training.notMeasured'),
      })}{' '}
      {memory_bytes === null
        ? t('training.memoryNotKnown')
        : t('training.memory', { size: bytes(memory_bytes), from: memory_from?.[language] ?? '' })}
    </p>
  );
}
