/** Disk use of Limner, and clean-up. */
import type { StorageUse } from '@limner/contract';
import { Button } from 'antd';
import { type CSSProperties, useCallback, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { bytes, clock } from '../../i18n/format.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { Empty } from '../../ui/empty.tsx';
import { FileNames } from './file-names.tsx';
import { recoverFiles } from './recover-files.ts';
import { SectionHead } from './section-head.tsx';
import styles from './storage.module.css';
import { StorageCleanup } from './storage-cleanup.tsx';
import { StorageRepair } from './storage-repair.tsx';

export function Storage() {
  const { t } = useTranslation();
  const { use, problem, measure } = useStorage();
  return (
    <div>
      <SectionHead title={t('storage.title')} sub={t('storage.sub')} />
      {problem != null && (
        <Empty sentence={sentenceOf(problem)}>
          <Button onClick={measure}>{t('common.tryAgain')}</Button>
        </Empty>
      )}
      {problem == null && (
        <section aria-label={t('storage.parts')} aria-busy={use === null}>
          <Total use={use} />
          <Parts use={use} onChange={measure} />
        </section>
      )}
      <FileNames />
      <StorageRepair onDone={measure} />
      {use && <StorageCleanup days={use.cleanup_days} onDone={measure} />}
    </div>
  );
}

function useStorage() {
  const [use, setUse] = useState<StorageUse | null>(null);
  const [problem, setProblem] = useState<unknown>(null);
  const measure = useCallback(() => {
    setProblem(null);
    api.call('storage', {}).then(setUse, setProblem);
  }, []);
  useEffect(measure, [measure]);
  return { use, problem, measure };
}

const sumOf = ({ parts }: StorageUse): number => parts.reduce((sum, part) => sum + part.size_bytes, 0);

/** The bar shows only the used space by parts; relative to the whole disk it would be too thin. */
function Total({ use }: { use: StorageUse | null }) {
  const { t } = useTranslation();
  const sum = use ? sumOf(use) : 0;
  return (
    <div className={styles.total}>
      <div className={styles.figures}>
        <b>{use ? t('storage.used', { size: bytes(sum) }) : t('storage.measuring')}</b>
        {use && use.disk.total_bytes > 0 && (
          <span>
            {t('storage.free', { size: bytes(use.disk.free_bytes), total: bytes(use.disk.total_bytes) })}
          </span>
        )}
        {use && (
          <span className={styles.moment}>{t('storage.measuredAt', { time: clock(use.measured_at) })}</span>
        )}
      </div>
      <div className={styles.bar} aria-hidden="true">
        {use?.parts.map(({ part, size_bytes }) => (
          <i
            key={part}
            data-part={part}
            style={{ '--share': sum === 0 ? 0 : size_bytes / sum } as CSSProperties}
          />
        ))}
      </div>
    </div>
  );
}

const ALWAYS_SHOWN = ['outputs', 'uploads', 'thumbnails', 'database'];

function Parts({ use, onChange }: { use: StorageUse | null; onChange: () => void }) {
  const { t } = useTranslation();
  const parts = use?.parts ?? [];
  return (
    <ul className={styles.parts}>
      {parts
        .filter(({ part, files }) => files > 0 || ALWAYS_SHOWN.includes(part))
        .map(({ part, files, size_bytes }) => (
          <li key={part}>
            <i data-part={part} aria-hidden="true" />
            <div>
              <h2>{t(`storage.part.${part}`)}</h2>
              <p>{t(`storage.about.${part}`)}</p>
              {part === 'set_aside' && <Recover onDone={onChange} />}
            </div>
            <span>{t('storage.files', { count: files })}</span>
            <b>{bytes(size_bytes)}</b>
          </li>
        ))}
    </ul>
  );
}

function Recover({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation();
  const [isBusy, setBusy] = useState(false);
  const recover = async () => {
    setBusy(true);
    await recoverFiles();
    setBusy(false);
    onDone();
  };
  return (
    <Button
      className={styles.recover}
      size="small"
      loading={isBusy}
      aria-label={t('storage.recoverNamed')}
      onClick={() => void recover()}
    >
      {t('storage.recover')}
    </Button>
  );
}
