import { StudioError } from '@limner/contract';
import { Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { reasonOf } from '../../i18n/problem.ts';
import { addWorkflow, useWorkflows } from '../../state/workflows.ts';
import { Field } from '../../ui/field.tsx';
import type { WorkflowFile } from './workflow-file.ts';
import styles from './workflow-import.module.css';

interface WorkflowImportProps {
  file: WorkflowFile;
  onClose: () => void;
}

/** A chosen file waits for its name. What the server refuses is said here, and the file stays for another try. */
export function WorkflowImport({ file, onClose }: WorkflowImportProps) {
  const { t } = useTranslation();
  const workflows = useWorkflows((state) => state.workflows);
  const [name, setName] = useState(file.name);
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const add = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await addWorkflow({ name: name.trim(), workflow: file.graph });
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  const aboutName = problem instanceof StudioError && problem.field === 'name';
  const replaces = workflows.some((held) => !held.is_example && held.label.en === name.trim());
  return (
    <form className={styles.form} onSubmit={(event) => void add(event)}>
      <Field
        label={t('workflows.name')}
        hint={t(replaces ? 'workflows.replaces' : 'workflows.nameHint')}
        problem={aboutName ? reasonOf(problem) : null}
      >
        {(id) => (
          <Input
            id={id}
            value={name}
            maxLength={60}
            autoFocus
            onChange={(event) => {
              setName(event.target.value);
              setProblem(null);
            }}
          />
        )}
      </Field>
      {problem !== null && !aboutName && (
        <p className={styles.problem} role="alert">
          {reasonOf(problem)}
        </p>
      )}
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" disabled={name.trim() === ''} loading={busy}>
          {t('workflows.import')}
        </Button>
        <Button disabled={busy} onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
