/** Imported ComfyUI workflows. Each becomes a model of the studio. */
import { MAX_WORKFLOW_FILE_MB, type WorkflowPreview } from '@limner/contract';
import { Button } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../../i18n/format.ts';
import { reasonOf, sentenceOf, sentenceOfBody } from '../../../i18n/problem.ts';
import { loadWorkflows, previewWorkflow, useWorkflows } from '../../../state/workflows.ts';
import { Dropzone } from '../../../ui/dropzone.tsx';
import { Empty } from '../../../ui/empty.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { pickFiles } from '../../../ui/pick-file.ts';
import { SectionHead } from '../section-head.tsx';
import { WorkflowCard } from './workflow-card.tsx';
import { readWorkflowFile, type WorkflowFile } from './workflow-file.ts';
import { WorkflowImport } from './workflow-import.tsx';
import styles from './workflows.module.css';

export function Workflows() {
  const { t } = useTranslation();
  const { workflows, refused, problem } = useWorkflows();
  const [opened, setOpened] = useState<{ file: WorkflowFile; preview: WorkflowPreview } | null>(null);
  const [unread, setUnread] = useState<string | null>(null);
  useEffect(() => {
    void loadWorkflows();
  }, []);
  const take = async ([given]: File[]) => {
    if (!given) return;
    const read = await readWorkflowFile(given);
    setOpened(null);
    const about = { name: given.name, size: bytes(given.size), limit: MAX_WORKFLOW_FILE_MB };
    if (read === 'too large') return setUnread(t('workflows.tooLarge', about));
    if (!read) return setUnread(t('workflows.notJson', about));
    try {
      setOpened({ file: read, preview: await previewWorkflow(read) });
      setUnread(null);
    } catch (problem) {
      setUnread(reasonOf(problem));
    }
  };
  return (
    <Dropzone onFiles={(files) => void take(files)}>
      <div className={styles.workflows}>
        <SectionHead title={t('workflows.title')} sub={t('workflows.sub')}>
          <Button
            type={opened ? 'default' : 'primary'}
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
        {opened && <WorkflowImport {...opened} key={opened.file.name} onClose={() => setOpened(null)} />}
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
