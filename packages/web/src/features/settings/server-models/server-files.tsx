/** The model files of the ComfyUI servers, their downloads, and published files that they lack. */
import type { MissingModelFile, ModelDownload, ServerModels, ServerPacks } from '@limner/contract';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../../i18n/format.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { sentenceOf, sentenceOfBody } from '../../../i18n/problem.ts';
import { copyText } from '../../../state/task-actions.ts';
import { Empty } from '../../../ui/empty.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { download } from './download.ts';
import { Downloads } from './downloads.tsx';
import { Folders } from './folders.tsx';
import { useLabels } from './labels.ts';
import { Packs } from './packs.tsx';
import styles from './server-files.module.css';
import { usePacks } from './use-packs.ts';
import { useServerModels } from './use-server-models.ts';

export function ServerFiles() {
  const { t } = useTranslation();
  const { models, downloads, problem, load } = useServerModels();
  const { packs, ask } = usePacks();
  const [find, setFind] = useState('');
  return (
    <section className={styles.files} aria-label={t('serverModels.title')}>
      <header>
        <div>
          <h2>{t('serverModels.title')}</h2>
          <p>{t('serverModels.sub')}</p>
        </div>
        {models !== null && models.length > 0 && (
          <Input.Search
            className={styles.find}
            allowClear
            value={find}
            placeholder={t('serverModels.find')}
            aria-label={t('serverModels.find')}
            onChange={({ target }) => setFind(target.value)}
          />
        )}
      </header>
      {problem != null && (
        <Empty sentence={sentenceOf(problem)}>
          <Button onClick={load}>{t('common.tryAgain')}</Button>
        </Empty>
      )}
      {problem == null && models?.length === 0 && <Empty sentence={t('serverModels.noServer')} />}
      {models?.map((server) => (
        <Server
          key={server.server}
          server={server}
          downloads={downloads.filter((each) => each.server === server.server)}
          find={find.trim().toLowerCase()}
          packs={packs.find((each) => each.server === server.server)}
          onAsked={ask}
        />
      ))}
    </section>
  );
}

interface ServerProps {
  server: ServerModels;
  downloads: ModelDownload[];
  /** In lower case; empty: all. */
  find: string;
  packs: ServerPacks | undefined;
  onAsked: () => void;
}

function Server({ server, downloads, find, packs, onAsked }: ServerProps) {
  const { t } = useTranslation();
  const { name, files, missing, error } = server;
  const sizeBytes = files.reduce((sum, file) => sum + (file.size_bytes ?? 0), 0);
  const matching = files.filter((file) => file.name.toLowerCase().includes(find));
  if (error)
    return (
      <article className={styles.server}>
        <h3>{name}</h3>
        <p>
          {t('serverModels.unread', { name })} {sentenceOfBody(error)}
        </p>
      </article>
    );
  return (
    <article className={styles.server}>
      <h3>{name}</h3>
      <p>
        {t('serverModels.files', { count: files.length })}
        {sizeBytes > 0 && `${t('common.list')}${t('serverModels.total', { size: bytes(sizeBytes) })}`}
      </p>
      <Downloads server={server} downloads={downloads} />
      {files.length === 0 && <p>{t('serverModels.noFiles')}</p>}
      {files.length > 0 && matching.length === 0 && <p>{t('serverModels.noMatch')}</p>}
      <Folders files={matching} isOpen={find !== ''} />
      <MissingFiles
        server={server}
        missing={missing.filter(({ file }) => file.toLowerCase().includes(find))}
      />
      {packs && find === '' && <Packs server={packs} onAsked={onAsked} />}
    </article>
  );
}

interface MissingFilesProps {
  server: ServerModels;
  missing: MissingModelFile[];
}

function MissingFiles({ server, missing }: MissingFilesProps) {
  const { t } = useTranslation();
  if (missing.length === 0) return null;
  return (
    <details className={styles.group}>
      <summary>{t('serverModels.missing', { count: missing.length })}</summary>
      <p className={styles.note}>{server.downloads.note[spokenLanguage()]}</p>
      <ul>
        {missing.map((file) => (
          <MissingFile key={file.file} server={server} file={file} />
        ))}
      </ul>
    </details>
  );
}

interface MissingFileProps {
  server: ServerModels;
  file: MissingModelFile;
}

function MissingFile({ server, file }: MissingFileProps) {
  const { t } = useTranslation();
  const labels = useLabels(file.families);
  const { command } = file;
  const facts = [file.size_bytes && bytes(file.size_bytes), file.licence, file.source].filter(Boolean);
  return (
    <li>
      <div className={styles.line}>
        <b>{file.file}</b>
        {file.downloadable && (
          <Button
            size="small"
            onClick={() => void download(server, file.file)}
            aria-label={t('serverModels.downloadNamed', { file: file.file })}
          >
            {t('serverModels.download')}
          </Button>
        )}
        {command && (
          <IconButton
            icon="copy"
            label={t('settings.copyCommand')}
            onClick={() => void copyText(command, t('common.copied'))}
          />
        )}
      </div>
      <span>{facts.join(' · ')}</span>
      <span>
        {t('serverModels.into', { folder: file.folder })}
        {t('common.list')}
        {t('serverModels.neededBy', { models: labels })}
      </span>
    </li>
  );
}
