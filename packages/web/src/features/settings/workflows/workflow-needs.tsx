import type { WorkflowDetail } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../../i18n/format.ts';
import { Cures } from '../../../parts/cures.tsx';
import styles from './workflow-editor.module.css';

/** What a workflow loads and from where, and what each server lacks. */
export function WorkflowNeeds({ workflow }: { workflow: WorkflowDetail }) {
  const { t } = useTranslation();
  const { needs, servers } = workflow;
  const packs = [...new Set(needs.nodes.flatMap(({ pack }) => (pack && pack !== 'ComfyUI' ? [pack] : [])))];
  const sourceOf = (pack: string) => needs.nodes.find((node) => node.pack === pack)?.source;
  return (
    <section className={styles.needs} aria-label={t('workflows.needs')}>
      <h3>{t('workflows.needs')}</h3>
      {packs.length + needs.files.length === 0 ? (
        <p className={styles.hint}>{t('workflows.needsNothing')}</p>
      ) : (
        <ul>
          {packs.map((pack) => (
            <li key={pack}>
              {t('workflows.pack', { name: pack })} <small>{sourceOf(pack)}</small>
            </li>
          ))}
          {needs.files.map(({ name, folder, source, licence, size_bytes }) => (
            <li key={name}>
              <code>{name}</code>{' '}
              <small>
                {[folder, size_bytes && bytes(size_bytes), licence, source].filter(Boolean).join(' · ')}
              </small>
            </li>
          ))}
        </ul>
      )}
      {servers.length === 0 && <p className={styles.hint}>{t('workflows.noServer')}</p>}
      {servers.map(({ server, name, missing }) => (
        <div key={server}>
          <h3>{t(missing.length === 0 ? 'workflows.runsOn' : 'workflows.lacksOn', { server: name })}</h3>
          <Cures missing={missing} />
        </div>
      ))}
    </section>
  );
}
