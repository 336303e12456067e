/** Whether opposite edges meet, and along which axes. */
import type { FamilyOffer } from '@limner/contract';
import { Segmented, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { setParam, useDraft } from '../../../state/draft/draft.ts';
import { Field } from '../../../ui/field.tsx';
import { NoEffect } from '../../../ui/no-effect.tsx';
import styles from './seamless-switch.module.css';

const OFF = 'off';
const ALL_SIDES = 'both';

export function SeamlessSwitch({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const mode = useDraft((state) => state.mode);
  const held = useDraft((state) => state.params[family.id]?.tileable);
  const param = family.params.find(({ key }) => key === 'tileable');
  const label = t('composer.seamless');
  const language = spokenLanguage();
  if (mode === 'inpaint') return <NoEffect label={label} reason={t('composer.seamlessNotInpaint')} />;
  if (!param?.effect) {
    const reason = param?.reason?.[language] ?? t('composer.seamlessNot', { model: family.label[language] });
    return <NoEffect label={label} reason={reason} />;
  }
  const value = String(held ?? param.default ?? OFF);
  const set = (next: string) => setParam(family.id, 'tileable', next === OFF ? null : next);
  const axes = (param.choices ?? []).filter((choice) => choice.value !== OFF);
  return (
    <Field label={label} hint={t('composer.seamlessHint')}>
      {(control) => (
        <div className={styles.row}>
          <Switch {...control} checked={value !== OFF} onChange={(on) => set(on ? ALL_SIDES : OFF)} />
          {value !== OFF && (
            <Segmented
              size="small"
              aria-label={t('composer.seamlessAxes')}
              value={value}
              onChange={set}
              options={axes.map((choice) => ({ value: String(choice.value), label: choice.label[language] }))}
            />
          )}
        </div>
      )}
    </Field>
  );
}
