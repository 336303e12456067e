/** What the training would take, whose figures these are, and the licence of the model. */
import type { TrainingEstimate } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { bytes, roughly } from '../../i18n/format.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { useStudio } from '../../state/studio.ts';
import styles from './new-run.module.css';

export function Estimate({ estimate }: { estimate: TrainingEstimate }) {
  const { t } = useTranslation();
  const { family, seconds, seconds_from, memory_bytes, memory_from } = estimate;
  const licence = useStudio(({ families }) => families.find(({ id }) => id === family)?.licence);
  const language = spokenLanguage();
  const lines = [
    t('training.takes', {
      time: seconds === null ? t('training.notKnown') : roughly(seconds),
      from: seconds_from?.[language] ?? t('training.notMeasured'),
    }),
    memory_bytes === null
      ? t('training.memoryNotKnown')
      : t('training.memory', { size: bytes(memory_bytes), from: memory_from?.[language] ?? '' }),
    licence && t('training.licence', { licence }),
  ];
  return <div className={styles.estimate}>{lines.map((line) => line && <p key={line}>{line}</p>)}</div>;
}
