import type { Dataset } from '@limner/contract';
import { Button, Progress } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { attempt } from '../../state/task-actions.ts';
import styles from './dataset.module.css';

/** Captions by the configured model: the button, or how to get one, and how far it is. */
export function CaptionWork({ set }: { set: Dataset }) {
  const { t } = useTranslation();
  const model = useCaptioner();
  const missing = set.pictures - set.captioned;
  const running = set.work.find(({ kind }) => kind === 'captions');
  if (running)
    return (
      <div className={styles.running}>
        <span role="status">{t('datasets.writing', { done: running.done, total: running.total })}</span>
        <Progress
          percent={running.total > 0 ? Math.floor((100 * running.done) / running.total) : 0}
          size="small"
          showInfo={false}
        />
        <Button
          size="small"
          onClick={() =>
            void attempt(() =>
              api.call('cancelDatasetWork', { params: { id: set.id, work: running.id ?? 0 } }),
            )
          }
        >
          {t('datasets.stop')}
        </Button>
      </div>
    );
  if (missing === 0 || model === undefined) return null;
  if (model === null) return <p className={styles.quiet}>{t('datasets.noCaptioner')}</p>;
  const write = () => api.call('writeDatasetCaptions', { params: { id: set.id }, body: {} });
  return (
    <div>
      <Button onClick={() => void attempt(write)}>{t('datasets.write', { count: missing, model })}</Button>
    </div>
  );
}

/** undefined: not known yet; null: none is configured. */
function useCaptioner(): string | null | undefined {
  const [model, setModel] = useState<string | null>();
  useEffect(() => {
    void api.call('getCaptioner', {}).then(
      (answer) => setModel(answer.model),
      () => undefined,
    );
  }, []);
  return model;
}
