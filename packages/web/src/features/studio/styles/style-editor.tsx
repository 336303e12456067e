import type { Style } from '@limner/contract';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notify } from '../../../state/notices.ts';
import { createStyle, updateStyle } from '../../../state/studio.ts';
import { DrawerForm } from '../../../ui/form/drawer-form.tsx';
import { StyleFields, type StyleWords } from '../../../ui/form/style-fields.tsx';
import { useSubmit } from '../../../ui/form/use-submit.ts';

/** Makes a style, or changes one. */
export default function StyleEditor({ style, onClose }: { style: Style | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState<StyleWords>({
    name: style?.name ?? '',
    type: style?.type ?? 'ui',
    triggers: style?.trigger_words ?? '',
  });
  const sending = useSubmit(async () => {
    const change = { name: words.name.trim(), type: words.type, trigger_words: words.triggers.trim() };
    await (style ? updateStyle(style.id, change) : createStyle(change));
    notify({ text: i18next.t('styles.saved'), tone: 'news' });
    onClose();
  });
  return (
    <DrawerForm
      title={t(style ? 'styles.edit' : 'styles.add')}
      sending={sending}
      action={t(style ? 'common.save' : 'styles.create')}
      disabled={words.name.trim() === ''}
      onClose={onClose}
    >
      <StyleFields
        value={words}
        onChange={(change) => setWords({ ...words, ...change })}
        label={t('styles.name')}
        triggersHint={t('styles.triggersHint')}
        nameProblem={sending.besides('trigger')}
        triggersProblem={sending.at('trigger')}
        autoFocus
      />
    </DrawerForm>
  );
}
