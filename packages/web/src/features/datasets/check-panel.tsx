import type { Dataset, DatasetCheck } from '@limner/contract';
import { Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { Icon } from '../../ui/icon.tsx';
import type { Chosen } from './chosen.ts';
import styles from './dataset.module.css';

const RESOLUTIONS = [64, 512, 768, 1024];
const USUAL = 1024;
/** Of the tallest or widest bucket as drawn. */
const BUCKET_PX = 34;

interface CheckPanelProps {
  set: Dataset;
  chosen: Chosen;
  onChoose: (chosen: Chosen) => void;
}

/** What lets a training end badly, each with the way to its pictures; and the sizes in which a trainer sees them. */
export function CheckPanel({ set, chosen, onChoose }: CheckPanelProps) {
  const { t } = useTranslation();
  const [resolution, setResolution] = useState(USUAL);
  const check = useCheck(set, resolution);
  if (!check) return null;
  return (
    <div className={styles.check}>
      <section aria-label={t('datasets.findings')}>
        <h2>{t('datasets.findings')}</h2>
        {check.findings.length === 0 && <p className={styles.quiet}>{t('datasets.noFindings')}</p>}
        <ul className={styles.findings}>
          {check.findings.map(({ kind, level, sentence, pictures }) => {
            const text = sentence[spokenLanguage()];
            return (
              <li key={`${kind} ${pictures[0] ?? ''}`} data-level={level}>
                <Icon name={level === 'warning' ? 'warning' : 'info'} />
                <span>{text}</span>
                {pictures.length > 0 && pictures.length < set.items.length && (
                  <button
                    type="button"
                    className={styles.link}
                    onClick={() => onChoose({ title: t(`datasets.kinds.${kind}`), ids: pictures })}
                  >
                    {t('datasets.show')}
                    <span className="visually-hidden">: {text}</span>
                  </button>
                )}
              </li>
            );
          })}
        </ul>
        <p className={styles.quiet}>{t('datasets.faces')}</p>
      </section>
      <section aria-label={t('datasets.buckets')}>
        <div className={styles.bucketHead}>
          <h2>{t('datasets.buckets')}</h2>
          <Select
            size="small"
            value={resolution}
            aria-label={t('datasets.resolution')}
            onChange={setResolution}
            options={RESOLUTIONS.map((value) => ({ value, label: t('datasets.pixels', { count: value }) }))}
          />
        </div>
        <p className={styles.quiet}>{t('datasets.bucketsHint')}</p>
        <ul className={styles.buckets}>
          {check.buckets.map(({ width, height, pictures }) => {
            const title = `${width} × ${height}`;
            const scale = BUCKET_PX / Math.max(width, height);
            return (
              <li key={title}>
                <button
                  type="button"
                  aria-pressed={chosen?.title === title}
                  onClick={() =>
                    onChoose(chosen?.title === title ? null : { title, ids: pictures.map(({ id }) => id) })
                  }
                >
                  <span className={styles.frame}>
                    <span style={{ width: width * scale, height: height * scale }} />
                  </span>
                  <b>{title}</b>
                  <span>{t('common.pictures', { count: pictures.length })}</span>
                  <span className={styles.quiet}>
                    {t('datasets.lost', { percent: Math.round(100 * mean(pictures)) })}
                  </span>
                </button>
              </li>
            );
          })}
        </ul>
      </section>
    </div>
  );
}

const mean = (pictures: readonly { lost: number }[]): number =>
  pictures.reduce((sum, { lost }) => sum + lost, 0) / Math.max(1, pictures.length);

/** Read again when the set has changed. */
function useCheck(set: Dataset, resolution: number): DatasetCheck | null {
  const [check, setCheck] = useState<DatasetCheck | null>(null);
  useEffect(() => {
    let gone = false;
    void api.call('checkDataset', { params: { id: set.id }, query: { resolution } }).then(
      (found) => !gone && setCheck(found),
      () => undefined,
    );
    return () => {
      gone = true;
    };
  }, [set, resolution]);
  return check;
}
