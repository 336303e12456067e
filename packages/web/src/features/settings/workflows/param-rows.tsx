import { WORKFLOW_KEYS, type WorkflowField } from '@limner/contract';
import { Button, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../../../ui/field.tsx';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { useKeyName } from './key-name.ts';
import styles from './workflow-editor.module.css';
import { fieldOf, newRow, type ParamRow } from './workflow-form.ts';

/** Further pictures of an edit. */
const MORE_PICTURES = ['image_2', 'image_3', 'image_4'];
const OWN = '\u0000own';

interface ParamRowsProps {
  rows: ParamRow[];
  fields: readonly WorkflowField[];
  problem: string | null;
  onRows: (rows: ParamRow[]) => void;
}

/** Which fields of which nodes a request fills, with defaults and ranges. */
export function ParamRows({ rows, fields, problem, onRows }: ParamRowsProps) {
  const { t } = useTranslation();
  return (
    <fieldset className={styles.rows}>
      <legend>{t('workflows.params')}</legend>
      <p className={styles.hint}>{t('workflows.paramsHint')}</p>
      {problem && (
        <p className={styles.problem} role="alert">
          {problem}
        </p>
      )}
      {rows.map((row) => (
        <Row
          key={row.row}
          row={row}
          fields={fields}
          taken={rows.filter((each) => each !== row).map(({ key }) => key)}
          onRow={(changed) => onRows(rows.map((each) => (each === row ? changed : each)))}
          onRemove={() => onRows(rows.filter((each) => each !== row))}
        />
      ))}
      <Button icon={<Icon name="plus" />} onClick={() => onRows([...rows, newRow()])}>
        {t('workflows.paramAdd')}
      </Button>
    </fieldset>
  );
}

interface RowProps {
  row: ParamRow;
  fields: readonly WorkflowField[];
  taken: string[];
  onRow: (row: ParamRow) => void;
  onRemove: () => void;
}

function Row({ row, fields, taken, onRow, onRemove }: RowProps) {
  const { t } = useTranslation();
  const keyName = useKeyName();
  const set = (change: Partial<ParamRow>) => onRow({ ...row, ...change });
  const name = row.isOwn ? row.en || row.key : row.key && keyName(row.key);
  const of = (what: string) => t('workflows.paramOf', { what, name: name || t('workflows.paramNew') });
  const keys = [...WORKFLOW_KEYS, ...MORE_PICTURES].filter((key) => !taken.includes(key));
  const field = fieldOf(row.targets[0], fields);
  const isNumber = field?.type === 'integer' || field?.type === 'number';
  return (
    <fieldset className={styles.row} aria-label={name || t('workflows.paramNew')}>
      <Select
        aria-label={of(t('workflows.param'))}
        className={styles.key}
        value={row.isOwn ? OWN : row.key || undefined}
        placeholder={t('workflows.param')}
        virtual={false}
        options={[
          ...keys.map((key) => ({ value: key, label: keyName(key) })),
          { value: OWN, label: t('workflows.paramOwn') },
        ]}
        onChange={(key: string) => set(key === OWN ? { isOwn: true, key: '' } : { isOwn: false, key })}
      />
      <Select
        mode="multiple"
        aria-label={of(t('workflows.field'))}
        className={styles.fields}
        value={row.targets.map(({ node, input }) => `${node} ${input}`)}
        placeholder={t(isStored(row) ? 'workflows.inTexts' : 'workflows.field')}
        optionFilterProp="label"
        virtual={false}
        options={fields.map((each) => ({
          value: `${each.node} ${each.input}`,
          label: `${each.title ?? each.class_type} · ${each.input}`,
          each,
        }))}
        optionRender={({ data: { each } }) => (
          <span className={styles.option}>
            <span>{`${each.title ?? each.class_type} · ${each.input}`}</span>
            <small>{`#${each.node} · ${String(each.value ?? '').slice(0, 60)}`}</small>
          </span>
        )}
        onChange={(chosen: string[]) =>
          set({
            targets: fields
              .filter(({ node, input }) => chosen.includes(`${node} ${input}`))
              .map(({ node, input }) => ({ node, input })),
          })
        }
      />
      <IconButton
        icon="trash"
        className={styles.drop}
        label={t('workflows.paramRemove', { name: name || t('workflows.paramNew') })}
        onClick={onRemove}
      />
      {row.isOwn && (
        <>
          <Input
            aria-label={of(t('workflows.name'))}
            className={styles.own}
            placeholder={t('workflows.name')}
            value={row.en || row.key}
            maxLength={60}
            onChange={({ target: { value } }) =>
              // A stored key stays, because recipes and texts name it.
              set(isStored(row) ? { en: value } : { en: value, key: plainKey(value) })
            }
          />
          <Input
            aria-label={of(t('workflows.nameZh'))}
            className={styles.own}
            placeholder={t('workflows.nameZh')}
            value={row.zh}
            maxLength={60}
            onChange={({ target: { value } }) => set({ zh: value })}
          />
        </>
      )}
      {field?.type !== 'picture' &&
        row.key !== 'pictures_at_once' &&
        row.key !== 'prompt' &&
        row.key !== 'seed' && (
          <div className={styles.values}>
            <ValueField
              label={t('workflows.usual')}
              value={row.usual}
              placeholder={String(field?.value ?? '').slice(0, 80)}
              onValue={(usual) => set({ usual })}
            />
            {isNumber && (
              <>
                <ValueField label={t('workflows.min')} value={row.min} onValue={(min) => set({ min })} />
                <ValueField label={t('workflows.max')} value={row.max} onValue={(max) => set({ max })} />
              </>
            )}
          </div>
        )}
    </fieldset>
  );
}

interface ValueFieldProps {
  label: string;
  value: string;
  placeholder?: string;
  onValue: (value: string) => void;
}

function ValueField({ label, value, placeholder, onValue }: ValueFieldProps) {
  return (
    <Field label={label}>
      {(control) => (
        <Input
          {...control}
          value={value}
          placeholder={placeholder}
          onChange={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

/** Not added just now. */
const isStored = ({ row, key }: ParamRow): boolean => row === key;

/** Letters and digits of any script, with single spaces. */
const plainKey = (typed: string): string =>
  typed
    .replace(/[^\p{L}\p{M}\p{N}_-]+/gu, ' ')
    .trim()
    .slice(0, 60);
