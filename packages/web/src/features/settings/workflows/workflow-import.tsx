import type { WorkflowPreview } from '@limner/contract';
import { Button, Radio } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { notify } from '../../../state/notices.ts';
import { addWorkflow } from '../../../state/workflows.ts';
import { useSubmit } from '../../../ui/form/use-submit.ts';
import styles from './workflow-editor.module.css';
import { WorkflowEditor } from './workflow-editor.tsx';
import type { WorkflowFile } from './workflow-file.ts';
import { changeOf, formOf, formProblem } from './workflow-form.ts';
import { WorkflowNeeds } from './workflow-needs.tsx';

interface WorkflowImportProps {
  file: WorkflowFile;
  /** What the file would become. */
  preview: WorkflowPreview;
  /** The form is edited. */
  onEdit: () => void;
  onClose: () => void;
}

/** What a file would become and what it needs, before it is saved. A refusal is shown here, and the file stays. */
export function WorkflowImport({ file, preview, onEdit, onClose }: WorkflowImportProps) {
  const { t } = useTranslation();
  const language = spokenLanguage();
  const [form, setForm] = useState(() => formOf(preview));
  const [taken, setTaken] = useState<'keep_both' | 'replace'>('keep_both');
  const { clash } = preview;
  const isTaken = clash !== null && clash.label.en === (form.en.trim() || form.zh.trim());
  const sending = useSubmit(async () => {
    const saved = await addWorkflow({
      // Of its label in any case, so that a file's name never stands in it.
      workflow: file.graph,
      ...changeOf(form, preview.fields),
      ...(isTaken ? { [taken]: true } : {}),
    });
    notify({ text: t('workflows.saved', { name: saved.label[language] }), tone: 'news' });
    onClose();
  });
  const problem = formProblem(form);
  const elsewhere = sending.besides('name', 'label', 'description', 'licence', 'kind', 'map', 'params');
  return (
    <form
      className={styles.panel}
      onSubmit={sending.submit}
      aria-label={t('workflows.preview', { name: preview.label[language] })}
    >
      <h2>{t('workflows.preview', { name: preview.label[language] })}</h2>
      <WorkflowNeeds workflow={preview} />
      <WorkflowEditor
        workflow={preview}
        form={form}
        at={sending.at}
        onForm={(changed) => {
          setForm(changed);
          onEdit();
          sending.forget();
        }}
      />
      {preview.examples.length > 0 && (
        <p className={styles.hint}>{t('workflows.withExamples', { count: preview.examples.length })}</p>
      )}
      {isTaken && (
        <fieldset className={styles.rows}>
          <legend>{t('workflows.clash', { name: clash.label[language] })}</legend>
          <Radio.Group
            value={taken}
            options={[
              { value: 'keep_both', label: t('workflows.keepBoth') },
              { value: 'replace', label: t('workflows.replace') },
            ]}
            onChange={(event) => setTaken(event.target.value)}
          />
        </fieldset>
      )}
      {(problem ?? elsewhere) && (
        <p className={styles.problem} role="alert">
          {problem ? t(problem) : elsewhere}
        </p>
      )}
      <div className={styles.actions}>
        <Button type="primary" htmlType="submit" disabled={problem !== null} loading={sending.busy}>
          {t('workflows.saveModel')}
        </Button>
        <Button disabled={sending.busy} onClick={onClose}>
          {t('common.cancel')}
        </Button>
      </div>
    </form>
  );
}
