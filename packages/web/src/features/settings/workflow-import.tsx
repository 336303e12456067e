import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { addWorkflow, useWorkflows } from '../../state/workflows.ts';
import { Field } from '../../ui/field.tsx';
import { useSubmit } from '../../ui/form/use-submit.ts';
import type { WorkflowFile } from './workflow-file.ts';
import styles from './workflow-import.module.css';

interface WorkflowImportProps {
  file: WorkflowFile;
  onClose: () => void;
}

/** Asks for a name for the selected file. A refusal is shown here, and the file stays selected. */
export function WorkflowImport({ file, onClose }: WorkflowImportProps) {
  const { t } = useTranslation();
  const workflows = useWorkflows((state) => state.workflows);
  const [name, setName] = useState(file.name);
  const replaces = workflows.some((held) => !held.is_example && held.label.en === name.trim());
  const sending = useSubmit(async () => {
    await addWorkflow({ name: name.trim(), workflow: file.graph, replace: replaces });
    onClose();
  });
  const elsewhere = sending.besides('name');
  return (
    <form className={styles.form} onSubmit={sending.submit}>
      <Field
        label={t('workflows.name')}
        hint={t(replaces ? 'workflows.replaces' : 'workflows.nameHint')}
        problem={sending.at('name')}
      >
        {(control) => (
          <Input
            {...control}
            value={name}
            maxLength={60}
            autoFocus
            onChange={(event) => {
              setName(event.target.value);
              sending.forget();
            }}
          />
        )}
      </Field>
      {elsewhere && (
        <p className={styles.problem} role="alert">
          {elsewhere}
        </p>
      )}
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" disabled={name.trim() === ''} loading={sending.busy}>
          {t('workflows.import')}
        </Button>
        <Button disabled={sending.busy} onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
