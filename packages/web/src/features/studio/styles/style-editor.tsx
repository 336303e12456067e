import { StudioError, type Style } from '@limner/contract';
import { Button, Drawer, Input, Segmented } from 'antd';
import i18next from 'i18next';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { sentenceOf } from '../../../i18n/problem.ts';
import { notify } from '../../../state/notices.ts';
import { createStyle, updateStyle } from '../../../state/studio.ts';
import { Field } from '../../../ui/field.tsx';
import styles from './style-editor.module.css';

/** Makes a style, or changes one. What the server refuses is said at the field it is about. */
export default function StyleEditor({ style, onClose }: { style: Style | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState(style?.name ?? '');
  const [type, setType] = useState<Style['type']>(style?.type ?? 'ui');
  const [triggers, setTriggers] = useState(style?.trigger_words ?? '');
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      const words = { name: name.trim(), type, trigger_words: triggers.trim() };
      await (style ? updateStyle(style.id, words) : createStyle(words));
      notify({ text: i18next.t('styles.saved'), tone: 'news' });
      onClose();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };

  const aboutTriggers = problem instanceof StudioError && problem.field?.startsWith('trigger');
  return (
    <Drawer open title={t(style ? 'styles.edit' : 'styles.add')} onClose={onClose} size={400}>
      <form className={styles.form} onSubmit={(event) => void save(event)}>
        <Field
          label={t('styles.name')}
          hint={t('styles.nameHint')}
          problem={problem && !aboutTriggers ? sentenceOf(problem) : null}
        >
          {(id) => (
            <Input
              id={id}
              value={name}
              maxLength={60}
              autoFocus
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label={t('styles.type')}>
          {(id) => (
            <Segmented
              id={id}
              block
              value={type}
              onChange={setType}
              options={[
                { value: 'ui', label: t('styles.ui') },
                { value: 'vfx', label: t('styles.vfx') },
              ]}
            />
          )}
        </Field>
        <Field
          label={t('styles.triggers')}
          hint={t('styles.triggersHint')}
          problem={aboutTriggers ? sentenceOf(problem) : null}
        >
          {(id) => (
            <Input.TextArea
              id={id}
              value={triggers}
              maxLength={500}
              autoSize={{ minRows: 2, maxRows: 6 }}
              onChange={(event) => setTriggers(event.target.value)}
            />
          )}
        </Field>
        <Button type="primary" htmlType="submit" disabled={name.trim() === ''} loading={busy} block>
          {t(style ? 'common.save' : 'styles.create')}
        </Button>
      </form>
    </Drawer>
  );
}
