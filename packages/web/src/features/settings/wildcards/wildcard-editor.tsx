/** Writes one wildcard. Where its text was changed meanwhile, that text is shown before it can be replaced. */
import { MAX_WILDCARD_NAME_CHARS } from '@limner/contract';
import { Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askToDiscard } from '../../../state/ask-to-discard.ts';
import {
  isRefusal,
  type PresentText,
  presentText,
  renameWildcard,
  saveWildcard,
} from '../../../state/wildcards.ts';
import { Field } from '../../../ui/field.tsx';
import { DrawerForm } from '../../../ui/form/drawer-form.tsx';
import { useSubmit } from '../../../ui/form/use-submit.ts';
import styles from './wildcards.module.css';

export interface OpenedWildcard extends PresentText {
  name: string;
}

export function WildcardEditor({ opened, onClose }: { opened: OpenedWildcard; onClose: () => void }) {
  const { t } = useTranslation();
  const isNew = opened.version === null;
  const [name, setName] = useState(opened.name);
  const [text, setText] = useState(opened.text);
  /** What saving replaces: what was opened, or what was there at the last refusal. */
  const [present, setPresent] = useState<PresentText>(opened);
  const isStale = present !== opened;
  /** The file's own; a new one has none yet. */
  const [named, setNamed] = useState(opened.name);
  const sending = useSubmit(async () => {
    if (!isNew && name.trim() !== named) {
      await renameWildcard(named, name.trim());
      setNamed(name.trim());
    }
    try {
      if (isNew || isStale || text !== opened.text) await saveWildcard(name.trim(), text, present.version);
    } catch (problem) {
      if (isRefusal(problem, 'wildcard_changed')) setPresent(await presentText(name.trim()));
      throw problem;
    }
    onClose();
  });
  const close = async () => {
    const isChanged = text !== opened.text || name !== opened.name;
    if (!isChanged || (await askToDiscard(t))) onClose();
  };
  return (
    <DrawerForm
      title={isNew ? t('wildcards.add') : t('wildcards.editTitle', { name: named })}
      sending={sending}
      action={isStale ? t('wildcards.saveAnyway') : t('common.save')}
      disabled={name.trim() === '' || text.trim() === ''}
      wide
      onClose={() => void close()}
    >
      <Field
        label={t('wildcards.name')}
        hint={t(isNew ? 'wildcards.nameHint' : 'wildcards.renameHint')}
        problem={sending.at('name') ?? sending.at('to')}
      >
        {(control) => (
          <Input
            {...control}
            value={name}
            maxLength={MAX_WILDCARD_NAME_CHARS}
            autoComplete="off"
            spellCheck={false}
            autoFocus={opened.name === ''}
            onChange={(event) => {
              setName(event.target.value);
              if (isNew) setPresent(opened);
              sending.forget();
            }}
          />
        )}
      </Field>
      <Field
        label={t('wildcards.text')}
        hint={t('wildcards.textHint')}
        problem={isStale ? t(staleSentence(isNew, present)) : sending.besides('name', 'to')}
      >
        {(control) => (
          <Input.TextArea
            {...control}
            className={styles.text}
            value={text}
            rows={14}
            spellCheck={false}
            autoFocus={opened.name !== ''}
            onChange={(event) => {
              setText(event.target.value);
              sending.forget();
            }}
          />
        )}
      </Field>
      {isStale && present.version !== null && (
        <Field label={t('wildcards.present')}>
          {(control) => (
            <Input.TextArea {...control} className={styles.text} value={present.text} rows={6} readOnly />
          )}
        </Field>
      )}
    </DrawerForm>
  );
}

function staleSentence(isNew: boolean, { version }: PresentText) {
  if (version === null) return 'wildcards.gone';
  return isNew ? 'wildcards.exists' : 'wildcards.changed';
}
