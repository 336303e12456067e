/** A workflow as its form edits it: one row for each parameter. Pure. */
import {
  type Bilingual,
  isWorkflowKey,
  type WorkflowDetail,
  type WorkflowField,
  type WorkflowParam,
  type WorkflowTarget,
  type WorkflowUpdate,
} from '@limner/contract';

export interface ParamRow {
  /** Of the row, which may be new and without a key. */
  row: string;
  key: string;
  /** Of the user's own, so that its name can be edited. */
  isOwn: boolean;
  targets: WorkflowTarget[];
  en: string;
  zh: string;
  /** As typed; empty: the graph's. */
  usual: string;
  min: string;
  max: string;
  step?: number;
}

export interface WorkflowForm {
  en: string;
  zh: string;
  about: string;
  aboutZh: string;
  licence: string;
  kind: WorkflowDetail['kind'];
  rows: ParamRow[];
}

export function formOf(workflow: WorkflowDetail): WorkflowForm {
  const { label, description, licence, kind, map, params, keys } = workflow;
  return {
    en: label.en,
    zh: other(label),
    about: description?.en ?? '',
    aboutZh: description ? other(description) : '',
    licence: licence ?? '',
    kind,
    rows: keys.map((key) => rowOf(key, map[key] ?? [], params[key] ?? {})),
  };
}

/** Empty where one text serves both languages. */
const other = ({ en, zh }: Bilingual): string => (zh === en ? '' : zh);

function rowOf(key: string, targets: WorkflowTarget[], param: WorkflowParam): ParamRow {
  const { label, default: usual, min, max, step } = param;
  const [en = '', zh = ''] = [label?.en, label?.zh];
  return {
    row: key,
    key,
    isOwn: !isWorkflowKey(key),
    targets,
    en,
    zh: zh === en ? '' : zh,
    usual: usual === undefined ? '' : String(usual),
    min: min === undefined ? '' : String(min),
    max: max === undefined ? '' : String(max),
    ...(step === undefined ? {} : { step }),
  };
}

let added = 0;
export const newRow = (): ParamRow => {
  added += 1;
  return {
    row: `new ${added}`,
    key: '',
    isOwn: false,
    targets: [],
    en: '',
    zh: '',
    usual: '',
    min: '',
    max: '',
  };
};

export function changeOf(form: WorkflowForm, fields: readonly WorkflowField[]): WorkflowUpdate {
  const rows = form.rows.filter(({ key }) => key !== '');
  return {
    label: text(form.en, form.zh),
    description: form.about || form.aboutZh ? text(form.about, form.aboutZh) : null,
    licence: form.licence.trim() || null,
    kind: form.kind === 'training' || form.kind === 'animation' ? undefined : form.kind,
    map: Object.fromEntries(
      rows.filter(({ targets }) => targets.length > 0).map(({ key, targets }) => [key, targets]),
    ),
    params: Object.fromEntries(
      rows
        .map((row) => [row.key, paramOf(row, fields)])
        .filter(([, param]) => Object.keys(param ?? {}).length > 0),
    ),
  };
}

const text = (en: string, zh: string) => ({
  ...(en.trim() ? { en: en.trim() } : {}),
  ...(zh.trim() ? { zh: zh.trim() } : {}),
});

function paramOf(row: ParamRow, fields: readonly WorkflowField[]): WorkflowParam {
  const label = text(row.en, row.zh);
  const usual = usualOf(row, fieldOf(row.targets[0], fields));
  const min = numberOf(row.min);
  const max = numberOf(row.max);
  return {
    ...(Object.keys(label).length > 0 ? { label } : {}),
    ...(usual === undefined ? {} : { default: usual }),
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(row.step === undefined ? {} : { step: row.step }),
  };
}

export const fieldOf = (target: WorkflowTarget | undefined, fields: readonly WorkflowField[]) =>
  fields.find(({ node, input }) => node === target?.node && input === target.input);

/** In the type of the field that it goes to. */
function usualOf({ usual }: ParamRow, field: WorkflowField | undefined): WorkflowParam['default'] {
  if (usual.trim() === '') return undefined;
  if (field?.type === 'integer' || field?.type === 'number') return numberOf(usual) ?? usual;
  if (typeof field?.value === 'boolean') return usual === 'true';
  return usual;
}

/** As input methods write digits too. */
function numberOf(typed: string): number | undefined {
  const plain = typed.normalize('NFKC').trim();
  return plain === '' || !Number.isFinite(Number(plain)) ? undefined : Number(plain);
}

const isFilled = ({ isOwn, targets, en, zh, usual, min, max }: ParamRow): boolean =>
  isOwn || targets.length > 0 || [en, zh, usual, min, max].some((typed) => typed.trim() !== '');

/** What the form cannot send: the key of a sentence; null: it can be sent. */
export function formProblem({ en, zh, rows }: WorkflowForm) {
  if (en.trim() === '' && zh.trim() === '') return 'workflows.nameFirst' as const;
  const keys = rows.map(({ key }) => key).filter((key) => key !== '');
  if (rows.some((row) => row.key === '' && isFilled(row))) return 'workflows.keyFirst' as const;
  if (new Set(keys).size !== keys.length) return 'workflows.keyTwice' as const;
  const typed = rows.flatMap(({ min, max }) => [min, max]).filter((each) => each.trim() !== '');
  if (typed.some((each) => numberOf(each) === undefined)) return 'workflows.noNumber' as const;
  return null;
}
