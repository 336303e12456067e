import type { WorkflowDetail } from '@limner/contract';
import { Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../ui/field.tsx';
import { ParamRows } from './param-rows.tsx';
import styles from './workflow-editor.module.css';
import type { WorkflowForm } from './workflow-form.ts';

/** Kinds that a workflow of pictures can have. */
const KINDS = ['generation', 'edit', 'remove_bg', 'upscale'] as const;

interface WorkflowEditorProps {
  workflow: WorkflowDetail;
  form: WorkflowForm;
  /** Refusals by the prefix of their field. */
  at: (field: string) => string | null;
  onForm: (form: WorkflowForm) => void;
}

/** What a workflow is called, says and takes. */
export function WorkflowEditor({ workflow, form, at, onForm }: WorkflowEditorProps) {
  const { t } = useTranslation();
  const set = (change: Partial<WorkflowForm>) => onForm({ ...form, ...change });
  const kinds = KINDS.some((kind) => kind === form.kind) ? KINDS : [...KINDS, form.kind];
  return (
    <>
      <div className={styles.two}>
        <Field label={t('workflows.name')} hint={t('workflows.nameHint')} problem={at('name') ?? at('label')}>
          {(control) => (
            <Input
              {...control}
              value={form.en}
              maxLength={60}
              onChange={(event) => set({ en: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('workflows.nameZh')} hint={t('workflows.otherHint')}>
          {(control) => (
            <Input
              {...control}
              value={form.zh}
              maxLength={60}
              onChange={(event) => set({ zh: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('workflows.about')} problem={at('description')}>
          {(control) => (
            <Input.TextArea
              {...control}
              value={form.about}
              maxLength={600}
              autoSize={{ minRows: 2, maxRows: 6 }}
              onChange={(event) => set({ about: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('workflows.aboutZh')}>
          {(control) => (
            <Input.TextArea
              {...control}
              value={form.aboutZh}
              maxLength={600}
              autoSize={{ minRows: 2, maxRows: 6 }}
              onChange={(event) => set({ aboutZh: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('workflows.licence')} hint={t('workflows.licenceHint')} problem={at('licence')}>
          {(control) => (
            <Input
              {...control}
              value={form.licence}
              maxLength={200}
              onChange={(event) => set({ licence: event.target.value })}
            />
          )}
        </Field>
        <Field label={t('workflows.kind')} problem={at('kind')}>
          {(control) => (
            <Select
              {...control}
              style={{ width: '100%' }}
              value={form.kind}
              options={kinds.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
              virtual={false}
              onChange={(kind) => set({ kind })}
            />
          )}
        </Field>
      </div>
      <ParamRows
        rows={form.rows}
        fields={workflow.fields}
        problem={at('map') ?? at('params')}
        onRows={(rows) => set({ rows })}
      />
    </>
  );
}
