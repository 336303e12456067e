/** Imported ComfyUI workflows. Each becomes a model of the studio. */
import { MAX_WORKFLOW_FILE_MB } from '@limner/contract';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../i18n/format.ts';
import { sentenceOf, sentenceOfBody } from '../../i18n/problem.ts';
import { loadWorkflows, useWorkflows } from '../../state/workflows.ts';
import { Dropzone } from '../../ui/dropzone.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { pickFiles } from '../../ui/pick-file.ts';
import { SectionHead } from './section-head.tsx';
import { WorkflowCard } from './workflow-card.tsx';
import { readWorkflowFile, type WorkflowFile } from './workflow-file.ts';
import { WorkflowImport } from './workflow-import.tsx';
import styles from './workflows.module.css';

export function Workflows() {
  const { t } = useTranslation();
  const { workflows, refused, problem } = useWorkflows();
  const [file, setFile] = useState<WorkflowFile | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  useEffect(() => {
    void loadWorkflows();
  }, []);
  const take = async ([given]: File[]) => {
    if (!given) return;
    const read = await readWorkflowFile(given);
    setFile(read === 'too large' ? null : read);
    const about = { name: given.name, size: bytes(given.size), limit: MAX_WORKFLOW_FILE_MB };
    if (read === 'too large') setUnread(t('workflows.tooLarge', about));
    else setUnread(read ? null : t('workflows.notJson', about));
  };
  return (
    <Dropzone onFiles={(files) => void take(files)}>
      <div className={styles.workflows}>
        <SectionHead title={t('workflows.title')} sub={t('workflows.sub')}>
          <Button
            type={file ? 'default' : 'primary'}
            icon={<Icon name="plus" />}
            onClick={() =>
              void pickFiles(false, '.json,application/json,image/png,image/jpeg,image/webp').then(take)
            }
          >
            {t('workflows.choose')}
          </Button>
        </SectionHead>
        {unread !== null && (
          <p className={styles.problem} role="alert">
            {unread}
          </p>
        )}
        {file && <WorkflowImport key={file.name} file={file} onClose={() => setFile(null)} />}
        {problem != null && <Empty sentence={sentenceOf(problem)} />}
        {workflows.map((workflow) => (
          <WorkflowCard key={workflow.id} workflow={workflow} />
        ))}
        {refused.map(({ file: name, error }) => (
          <p key={name} className={styles.problem}>
            <code>{name}</code> {sentenceOfBody(error)}
          </p>
        ))}
      </div>
    </Dropzone>
  );
}
