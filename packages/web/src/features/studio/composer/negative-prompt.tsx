import type { FamilyOffer } from '@limner/contract';
import { Input } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { suggestedNegative } from '../../../state/draft/draft-rules.ts';
import { Field } from '../../../ui/field.tsx';
import { NoEffect } from '../../../ui/no-effect.tsx';
import { CombinationsLine } from './wildcards/combinations-line.tsx';
import { CompletionList } from './wildcards/completion-list.tsx';
import { useCompletion } from './wildcards/use-completion.ts';

export function NegativePrompt({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const negative = useDraft((state) => state.negative);
  const text = negative ?? suggestedNegative(family);
  const { completion, field, follow, pressed } = useCompletion(text, (next) => compose({ negative: next }));
  const param = family.params.find(({ key }) => key === 'negative_prompt');
  if (!param) return null;
  if (!param.effect)
    return <NoEffect label={t('composer.negative')} reason={param.reason?.[spokenLanguage()] ?? ''} />;
  return (
    <Field label={t('composer.negative')} aside={t('common.optional')}>
      {(control) => (
        <>
          <Input.TextArea
            {...control}
            value={text}
            placeholder={t('composer.negativePlaceholder')}
            autoSize={{ minRows: 1, maxRows: 4 }}
            {...field}
            onChange={(event) => {
              follow(event);
              compose({ negative: event.target.value });
            }}
            onKeyDown={pressed}
          />
          <CompletionList completion={completion} />
          <CombinationsLine text={text} />
        </>
      )}
    </Field>
  );
}
