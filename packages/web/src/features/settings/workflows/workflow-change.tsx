import type { WorkflowDetail } from '@limner/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { updateWorkflow } from '../../../state/workflows.ts';
import { useSubmit } from '../../../ui/form/use-submit.ts';
import { type ExampleRow, ExampleRows, exampleRows, examplesOf } from './example-rows.tsx';
import styles from './workflow-editor.module.css';
import { WorkflowEditor } from './workflow-editor.tsx';
import { changeOf, formOf, formProblem } from './workflow-form.ts';

interface WorkflowChangeProps {
  workflow: WorkflowDetail;
  onClose: () => void;
}

/** Changes a workflow that is here. */
export function WorkflowChange({ workflow, onClose }: WorkflowChangeProps) {
  const { t } = useTranslation();
  const [form, setForm] = useState(() => formOf(workflow));
  const [examples, setExamples] = useState<ExampleRow[]>(() => exampleRows(workflow.examples));
  const sending = useSubmit(async () => {
    await updateWorkflow(workflow.id, {
      ...changeOf(form, workflow.fields),
      examples: examplesOf(examples),
    });
    onClose();
  });
  const problem = formProblem(form);
  const elsewhere = sending.besides('label', 'description', 'licence', 'kind', 'map', 'params', 'examples');
  return (
    <form className={styles.needs} onSubmit={sending.submit}>
      <WorkflowEditor
        workflow={workflow}
        form={form}
        at={sending.at}
        onForm={(changed) => {
          setForm(changed);
          sending.forget();
        }}
      />
      <ExampleRows rows={examples} problem={sending.at('examples')} onRows={setExamples} />
      {(problem ?? elsewhere) && (
        <p className={styles.problem} role="alert">
          {problem ? t(problem) : elsewhere}
        </p>
      )}
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" disabled={problem !== null} loading={sending.busy}>
          {t('common.save')}
        </Button>
        <Button disabled={sending.busy} onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
