import type { CaptionEdit, Dataset, EditedCaptions } from '@limner/contract';
import { Button, Checkbox, Input, Modal, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/api.ts';
import { sentenceOf } from '../../i18n/problem.ts';
import { notify } from '../../state/notices.ts';
import { attempt } from '../../state/task-actions.ts';
import { Facts } from '../../ui/facts.tsx';
import { Field } from '../../ui/field.tsx';
import styles from './dataset.module.css';
import { undoCaptions } from './undo-captions.ts';

const KINDS = [
  'replace',
  'prefix',
  'suffix',
  'add_tag',
  'remove_tag',
  'remove_duplicates',
  'set',
] as const satisfies readonly CaptionEdit['kind'][];
/** After the last key, before the change is counted. */
const PAUSE_MS = 250;

/** Changes all captions; what it would change is counted while it is typed. */
export function CaptionDialog({ set, onClose }: { set: Dataset; onClose: () => void }) {
  const { t } = useTranslation();
  const [kind, setKind] = useState<CaptionEdit['kind']>('replace');
  const [text, setText] = useState('');
  const [other, setOther] = useState('');
  const [ignoresCase, setIgnoresCase] = useState(false);
  const edit = editOf(kind, text, other, ignoresCase);
  const preview = usePreview(set.id, edit);
  const apply = () =>
    attempt(async () => {
      if (!edit) return;
      const { changed } = await api.call('editDatasetCaptions', { params: { id: set.id }, body: { edit } });
      const action = {
        label: t('common.undo'),
        run: () => void attempt(() => undoCaptions(set.id, changed)),
      };
      notify({ text: t('datasets.edited', { count: changed.length }), tone: 'news', action });
      onClose();
    });
  return (
    <Modal
      open
      centered
      title={t('datasets.editCaptions')}
      onCancel={onClose}
      footer={
        <div className={styles.foot}>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button type="primary" disabled={!preview?.changed} onClick={() => void apply()}>
            {t('datasets.apply')}
          </Button>
        </div>
      }
    >
      <div className={styles.dialog}>
        <Field label={t('datasets.change')}>
          {(control) => (
            <Select
              {...control}
              value={kind}
              onChange={setKind}
              options={KINDS.map((value) => ({ value, label: t(`datasets.edits.${value}`) }))}
            />
          )}
        </Field>
        {kind !== 'remove_duplicates' && (
          <Field label={t(kind === 'replace' ? 'datasets.find' : 'datasets.text')}>
            {(control) => (
              <Input {...control} value={text} autoFocus onChange={(event) => setText(event.target.value)} />
            )}
          </Field>
        )}
        {kind === 'replace' && (
          <>
            <Field label={t('datasets.replaceBy')}>
              {(control) => (
                <Input {...control} value={other} onChange={(event) => setOther(event.target.value)} />
              )}
            </Field>
            <Checkbox checked={ignoresCase} onChange={({ target }) => setIgnoresCase(target.checked)}>
              {t('datasets.ignoreCase')}
            </Checkbox>
          </>
        )}
        <p role="status" className={preview?.problem ? styles.refused : styles.quiet}>
          {preview?.problem ??
            (preview &&
              t('datasets.wouldChange', { count: preview.changed, hits: preview.hits, all: set.pictures }))}
        </p>
        {preview?.first && (
          <Facts
            facts={[
              [t('datasets.before'), preview.first.before || t('datasets.kinds.no_caption')],
              [t('datasets.after'), preview.first.caption || t('datasets.kinds.no_caption')],
            ]}
          />
        )}
      </div>
    </Modal>
  );
}

function editOf(
  kind: CaptionEdit['kind'],
  text: string,
  other: string,
  ignore_case: boolean,
): CaptionEdit | null {
  if (kind === 'remove_duplicates') return { kind };
  if (kind === 'set') return { kind, text };
  if (text === '') return null;
  if (kind === 'replace') return { kind, find: text, replace: other, ignore_case };
  if (kind === 'prefix' || kind === 'suffix') return { kind, text };
  return text.trim() === '' ? null : { kind, tag: text };
}

interface Preview {
  hits: number;
  /** Number of captions. */
  changed: number;
  /** The first that changes, as it would be. */
  first?: EditedCaptions['changed'][number];
  problem: string | null;
}

function usePreview(id: number, edit: CaptionEdit | null): Preview | null {
  const [preview, setPreview] = useState<Preview | null>(null);
  const asked = JSON.stringify(edit);
  useEffect(() => {
    let gone = false;
    setPreview(null);
    if (asked === 'null') return;
    const timer = setTimeout(() => {
      const body = { edit: JSON.parse(asked) as CaptionEdit, preview: true };
      api.call('editDatasetCaptions', { params: { id }, body }).then(
        ({ hits, changed }) =>
          !gone && setPreview({ hits, changed: changed.length, first: changed[0], problem: null }),
        (reason) => !gone && setPreview({ hits: 0, changed: 0, problem: sentenceOf(reason) }),
      );
    }, PAUSE_MS);
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, [id, asked]);
  return preview;
}
