import type { Style } from '@limner/contract';
import { Input, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Field } from '../field.tsx';

export interface StyleWords {
  name: string;
  type: Style['type'];
  triggers: string;
}

interface StyleFieldsProps {
  value: StyleWords;
  onChange: (change: Partial<StyleWords>) => void;
  label: string;
  triggersHint: string;
  nameProblem: string | null;
  triggersProblem: string | null;
  autoFocus?: boolean;
}

/** Name, purpose and trigger words of a style; used for new and trained styles. */
export function StyleFields({ value, onChange, label, triggersHint, ...props }: StyleFieldsProps) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={label} hint={t('styles.nameHint')} problem={props.nameProblem}>
        {(control) => (
          <Input
            {...control}
            value={value.name}
            maxLength={60}
            autoFocus={props.autoFocus}
            onChange={(event) => onChange({ name: event.target.value })}
          />
        )}
      </Field>
      <Field label={t('styles.type')}>
        {(control) => (
          <Segmented
            {...control}
            block
            value={value.type}
            onChange={(type) => onChange({ type })}
            options={(['ui', 'vfx'] as const).map((type) => ({ value: type, label: t(`styles.${type}`) }))}
          />
        )}
      </Field>
      <Field
        label={t('styles.triggers')}
        aside={t('common.optional')}
        hint={triggersHint}
        problem={props.triggersProblem}
      >
        {(control) => (
          <Input.TextArea
            {...control}
            value={value.triggers}
            maxLength={500}
            autoSize={{ minRows: 2, maxRows: 6 }}
            onChange={(event) => onChange({ triggers: event.target.value })}
          />
        )}
      </Field>
    </>
  );
}
