/** Downloads of one server, with their progress. */
import type { ModelDownload, ServerModels } from '@limner/contract';
import { Button, Progress } from 'antd';
import type i18next from 'i18next';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../../i18n/format.ts';
import { sentenceOfBody } from '../../../i18n/problem.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { download, forget } from './download.ts';
import styles from './server-files.module.css';

interface DownloadsProps {
  server: ServerModels;
  downloads: readonly ModelDownload[];
}

export function Downloads({ server, downloads }: DownloadsProps) {
  const { t } = useTranslation();
  if (downloads.length === 0) return null;
  return (
    <section className={styles.group} aria-label={t('serverModels.downloads')}>
      <h4>{t('serverModels.downloads')}</h4>
      <ul>
        {downloads.map((each) => (
          <Download key={each.id} server={server} download={each} />
        ))}
      </ul>
    </section>
  );
}

interface DownloadProps {
  server: ServerModels;
  download: ModelDownload;
}

function Download({ server, download: { id, file, status, error, ...sizes } }: DownloadProps) {
  const { t } = useTranslation();
  return (
    <li>
      <div className={styles.line}>
        <b>{file}</b>
        {(status === 'failed' || status === 'interrupted') && (
          <Button size="small" onClick={() => void download(server, file)}>
            {t('serverModels.again')}
          </Button>
        )}
        {status !== 'running' && (
          <IconButton
            icon="close"
            label={t('serverModels.forgetNamed', { file })}
            onClick={() => void forget(id)}
          />
        )}
      </div>
      <span>
        {t(`serverModels.status.${status}`)}
        {status === 'running' && `${t('common.list')}${progressOf(sizes, t)}`}
      </span>
      {status === 'running' && sizes.done_bytes !== null && sizes.size_bytes !== null && (
        <Progress
          percent={Math.min(99, Math.floor((100 * sizes.done_bytes) / sizes.size_bytes))}
          size="small"
          aria-label={t('serverModels.downloadNamed', { file })}
        />
      )}
      {error && <span className={styles.warning}>{sentenceOfBody(error)}</span>}
    </li>
  );
}

function progressOf(
  { done_bytes, size_bytes }: Pick<ModelDownload, 'done_bytes' | 'size_bytes'>,
  t: typeof i18next.t,
): string {
  if (done_bytes === null) return t('serverModels.starting');
  const done = bytes(done_bytes);
  return size_bytes === null
    ? t('serverModels.progressOpen', { done })
    : t('serverModels.progress', { done, size: bytes(size_bytes) });
}
