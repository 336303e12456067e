import type { LoraStyleInput, Style } from '@limner/contract';
import i18next from 'i18next';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { notify } from '../../../state/notices.ts';
import { createLoraStyle, createStyle, updateStyle } from '../../../state/studio.ts';
import { DrawerForm } from '../../../ui/form/drawer-form.tsx';
import { StyleFields, type StyleWords } from '../../../ui/form/style-fields.tsx';
import { type Submit, useSubmit } from '../../../ui/form/use-submit.ts';
import { type ChosenLora, isTooLarge, LoraField } from './lora-field.tsx';

/** Makes a style, or changes one. */
export default function StyleEditor({ style, onClose }: { style: Style | null; onClose: () => void }) {
  const { t } = useTranslation();
  const [words, setWords] = useState<StyleWords>({
    name: style?.name ?? '',
    type: style?.type ?? 'ui',
    triggers: style?.trigger_words ?? '',
  });
  const [lora, setLora] = useState<ChosenLora | null>(null);
  const [sent, setSent] = useState<number | null>(null);
  const chooseLora = (next: ChosenLora | null) => {
    // What was said of another file is not about this one.
    if (next?.file !== lora?.file) sending.forget();
    setLora(next);
  };
  const sending = useSubmit(async () => {
    const change = { name: words.name.trim(), type: words.type, trigger_words: words.triggers.trim() };
    if (style) await updateStyle(style.id, change);
    else if (lora)
      await createLoraStyle(lora.file, loraQuery(change, lora), setSent).finally(() => setSent(null));
    else await createStyle(change);
    notify({ text: i18next.t('styles.saved'), tone: 'news' });
    onClose();
  });
  return (
    <DrawerForm
      title={t(style ? 'styles.edit' : 'styles.add')}
      sending={sending}
      action={t(style ? 'common.save' : 'styles.create')}
      disabled={lora ? isTooLarge(lora.file) : words.name.trim() === ''}
      onClose={onClose}
    >
      <StyleFields
        value={words}
        onChange={(change) => setWords({ ...words, ...change })}
        label={t('styles.name')}
        triggersHint={t('styles.triggersHint')}
        nameProblem={sending.besides('trigger', 'file', 'model')}
        triggersProblem={sending.at('trigger')}
        autoFocus
      />
      {!style && (
        <LoraField
          value={lora}
          onChange={chooseLora}
          sent={sent}
          problem={isAboutFile(sending) ? sending.problem : null}
        />
      )}
    </DrawerForm>
  );
}

const isAboutFile = ({ at }: Submit) => at('file') !== null || at('model') !== null;

/** What is left empty is taken from the file. */
const loraQuery = (
  { name, type, trigger_words }: { name: string; type: StyleWords['type']; trigger_words: string },
  { model }: ChosenLora,
): LoraStyleInput => ({
  type,
  ...(name ? { name } : {}),
  ...(trigger_words ? { trigger_words } : {}),
  ...(model ? { model } : {}),
});
