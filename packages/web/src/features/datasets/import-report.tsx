import type { ImportedFile } from '@limner/contract';
import { Button, Progress } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { attempt } from '../../state/task-actions.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './dataset.module.css';
import { dismissImport, useImport } from './import-files.ts';

/** How far an import is, and then what became of each file. */
export function ImportReport({ set }: { set: number }) {
  const { t } = useTranslation();
  const state = useImport();
  if (state.set !== set) return null;
  const { done, total, works, files, problems } = state;
  const isRunning = done < total || works.length > 0;
  const [isDone, all] = works.reduce(
    ([sum, of], work) => [sum + work.done, of + work.total],
    [works.length > 0 ? 0 : done, works.length > 0 ? 0 : total],
  );
  const count = (outcome: ImportedFile['outcome']) => files.filter((file) => file.outcome === outcome).length;
  const refused = files.filter(({ outcome }) => outcome === 'refused');
  return (
    <section className={styles.report} aria-label={t('datasets.report')}>
      {isRunning ? (
        <div className={styles.running}>
          <span role="status">{t('datasets.importing', { done: isDone, total: all })}</span>
          <Progress percent={all > 0 ? Math.floor((100 * isDone) / all) : 0} size="small" showInfo={false} />
          {works.map((work) => (
            <Button
              key={work.id}
              size="small"
              onClick={() =>
                void attempt(() => api.call('cancelDatasetWork', { params: { id: set, work: work.id ?? 0 } }))
              }
            >
              {t('datasets.stop')}
            </Button>
          ))}
        </div>
      ) : (
        <div className={styles.reportHead}>
          <p role="status">
            {t('datasets.imported', {
              added: count('added'),
              known: count('known'),
              captioned: count('captioned'),
              refused: refused.length,
            })}
          </p>
          <IconButton icon="close" label={t('common.dismiss')} onClick={dismissImport} />
        </div>
      )}
      {problems.map((problem) => (
        <p key={problem} className={styles.refused}>
          {problem}
        </p>
      ))}
      {refused.length > 0 && (
        <ul className={styles.files}>
          {refused.map((file, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: names may be there twice, and the list only grows
            <li key={at}>
              <b>{file.name}</b> <span className={styles.refused}>{file.error?.message}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
