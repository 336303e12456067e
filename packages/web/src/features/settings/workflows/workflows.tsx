/** Imported ComfyUI workflows. Each becomes a model of the studio. */
import { MAX_WORKFLOW_FILE_MB, type WorkflowPreview } from '@limner/contract';
import { Button } from 'antd';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { bytes } from '../../../i18n/format.ts';
import { reasonOf, sentenceOf, sentenceOfBody } from '../../../i18n/problem.ts';
import { askToDiscard } from '../../../state/ask-to-discard.ts';
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

interface Opened {
  /** Of each opening; a file can be opened again after it has changed. */
  n: number;
  file: WorkflowFile;
  preview: WorkflowPreview;
}

export function Workflows() {
  const { t } = useTranslation();
  const { workflows, refused, problem } = useWorkflows();
  const [opened, setOpened] = useState<Opened | null>(null);
  const isEdited = useRef(false);
  const [unread, setUnread] = useState<string | null>(null);
  useEffect(() => {
    void loadWorkflows();
  }, []);
  const take = async ([given]: File[]) => {
    if (!given) return;
    const read = await readWorkflowFile(given);
    const about = { name: given.name, size: bytes(given.size), limit: MAX_WORKFLOW_FILE_MB };
    if (read === 'too large') return setUnread(t('workflows.tooLarge', about));
    if (!read) return setUnread(t('workflows.notJson', about));
    try {
      const preview = await previewWorkflow(read);
      setUnread(null);
      if (isEdited.current && !(await askToDiscard(t))) return;
      isEdited.current = false;
      setOpened((before) => ({ n: (before?.n ?? 0) + 1, file: read, preview }));
    } catch (problem) {
      setUnread(reasonOf(problem));
    }
  };
  const close = () => {
    isEdited.current = false;
    setOpened(null);
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
        {opened && (
          <WorkflowImport
            key={opened.n}
            file={opened.file}
            preview={opened.preview}
            onEdit={() => {
              isEdited.current = true;
            }}
            onClose={close}
          />
        )}
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
