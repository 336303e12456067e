/** Files by folder, with what looks wrong. */
import type { ServerModelFile } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { bytes, fullMoment } from '../../../i18n/format.ts';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { useLabels } from './labels.ts';
import styles from './server-files.module.css';

export function Folders({ files, isOpen }: { files: readonly ServerModelFile[]; isOpen: boolean }) {
  const { t } = useTranslation();
  const folders = [...new Set(files.map(({ folder }) => folder))];
  return folders.map((folder) => {
    const inside = files.filter((file) => file.folder === folder);
    const warnings = inside.reduce((sum, { notes }) => sum + notes.length, 0);
    return (
      <details key={`${folder} ${isOpen}`} className={styles.group} open={isOpen || warnings > 0}>
        <summary>
          {t('serverModels.folder', { folder, count: inside.length })}
          {warnings > 0 && <em>{t('serverModels.warnings', { count: warnings })}</em>}
        </summary>
        <ul>
          {inside.map((file) => (
            <File key={file.name} file={file} />
          ))}
        </ul>
      </details>
    );
  });
}

function File({ file }: { file: ServerModelFile }) {
  const { t } = useTranslation();
  const labels = useLabels(file.families);
  const facts = [
    file.size_bytes !== null && bytes(file.size_bytes),
    file.licence,
    file.modified_at && fullMoment(file.modified_at),
    file.families.length > 0 && t('serverModels.usedBy', { models: labels }),
  ].filter(Boolean);
  return (
    <li>
      <div className={styles.line}>
        <b>{file.name}</b>
      </div>
      {facts.length > 0 && <span>{facts.join(' · ')}</span>}
      {file.notes.map(({ kind, text }) => (
        <span key={kind} className={styles.warning} data-kind={kind}>
          {text[spokenLanguage()]}
        </span>
      ))}
    </li>
  );
}
