import { MAX_WORKFLOW_EXAMPLES, type WorkflowDetail, type WorkflowExampleInput } from '@limner/contract';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/api.ts';
import { attempt } from '../../../state/task-actions.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { pickFiles } from '../../../ui/pick-file.ts';
import styles from './workflow-editor.module.css';

export interface ExampleRow {
  row: string;
  prompt: string;
  negative_prompt: string | null;
  /** What is sent for its picture, and what is shown of it. */
  image: string | null;
  url: string | null;
}

export const exampleRows = (examples: WorkflowDetail['examples']): ExampleRow[] =>
  examples.map(({ prompt, negative_prompt, thumbnail_url }, n) => ({
    row: String(n),
    prompt,
    negative_prompt,
    image: thumbnail_url,
    url: thumbnail_url,
  }));

/** Without rows that nobody filled. */
export const examplesOf = (rows: readonly ExampleRow[]): WorkflowExampleInput[] =>
  rows
    .filter(({ prompt, image }) => prompt.trim() !== '' || image !== null)
    .map(({ prompt, negative_prompt, image }) => ({ prompt, negative_prompt, image }));

let added = 0;
const newRow = (): ExampleRow => {
  added += 1;
  return { row: `new ${added}`, prompt: '', negative_prompt: null, image: null, url: null };
};

interface ExampleRowsProps {
  rows: ExampleRow[];
  problem: string | null;
  /** Of the rows as they are then: they may be edited while a picture is sent. */
  onRows: (change: (rows: ExampleRow[]) => ExampleRow[]) => void;
}

/** Prompts that the form offers with the workflow, each with a picture if it has one. */
export function ExampleRows({ rows, problem, onRows }: ExampleRowsProps) {
  const { t } = useTranslation();
  const set = (id: string, change: Partial<ExampleRow>) =>
    onRows((now) => now.map((each) => (each.row === id ? { ...each, ...change } : each)));
  const choose = async (row: string) => {
    const [file] = await pickFiles(false);
    if (!file) return;
    await attempt(async () => {
      const { id, url } = await api.call('upload', { file });
      set(row, { image: id, url });
    });
  };
  return (
    <fieldset className={styles.rows}>
      <legend>{t('workflows.examples')}</legend>
      <p className={styles.hint}>{t('workflows.examplesHint')}</p>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      <ul className={styles.examples}>
        {rows.map((row, at) => {
          const n = at + 1;
          return (
            <li key={row.row}>
              <button
                type="button"
                className={styles.picture}
                aria-label={t('workflows.examplePicture', { n })}
                onClick={() => void choose(row.row)}
              >
                {row.url ? <img src={row.url} alt="" /> : <Icon name="image" />}
              </button>
              <Input.TextArea
                aria-label={t('workflows.examplePrompt', { n })}
                placeholder={t('composer.prompt')}
                value={row.prompt}
                autoSize={{ minRows: 2, maxRows: 6 }}
                onChange={({ target: { value } }) => set(row.row, { prompt: value })}
              />
              <IconButton
                icon="trash"
                label={t('workflows.exampleRemove', { n })}
                onClick={() => onRows((now) => now.filter((each) => each.row !== row.row))}
              />
            </li>
          );
        })}
      </ul>
      {rows.length < MAX_WORKFLOW_EXAMPLES && (
        <Button icon={<Icon name="plus" />} onClick={() => onRows((now) => [...now, newRow()])}>
          {t('workflows.exampleAdd')}
        </Button>
      )}
    </fieldset>
  );
}
