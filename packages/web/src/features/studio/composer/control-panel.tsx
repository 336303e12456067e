/** The control picture and its settings. Offers only the family's types. */
import type { FamilyOffer } from '@limner/contract';
import { Popover, Segmented, Switch } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { SliderField } from '../../../parts/number/slider-field.tsx';
import { type Control, compose, useDraft, withType } from '../../../state/draft/draft.ts';
import { controlTypeFor } from '../../../state/draft/draft-rules.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import { NoEffect } from '../../../ui/no-effect.tsx';
import styles from './control-panel.module.css';
import { ControlPictures } from './control-pictures.tsx';

const ControlHelp = lazy(() => import('./control-help.tsx'));

export function ControlPanel({ family }: { family: FamilyOffer }) {
  const { t } = useTranslation();
  const control = useDraft((state) => state.control);
  const set = (change: Partial<Control>) => compose({ control: { ...control, ...change } });
  const type = controlTypeFor(family, control.type);
  if (!type)
    return control.enabled && control.picture ? (
      <NoEffect label={t('composer.controlnet')} reason={t('composer.controlIdle')} />
    ) : null;
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        <span>{t('composer.controlnet')}</span>
        <Popover
          content={
            <Suspense fallback={null}>
              <ControlHelp types={family.controls} />
            </Suspense>
          }
          trigger="click"
          placement="bottomLeft"
        >
          <span>
            <IconButton icon="question" label={t('composer.controlHelp')} />
          </span>
        </Popover>
        <span className={styles.hint}>{!control.enabled && t('composer.controlHint')}</span>
        <Switch
          size="small"
          aria-label={t('composer.controlnet')}
          checked={control.enabled}
          onChange={(enabled) => set({ ...withType(control, type), enabled })}
        />
      </div>
      {control.enabled && (
        <div className={styles.body}>
          {family.controls.length > 1 && (
            <Segmented
              block
              value={type}
              onChange={(next) => set(withType(control, next))}
              options={family.controls.map((value) => ({ value, label: t(`control.${value}`) }))}
            />
          )}
          <ControlPictures
            family={family}
            control={{ ...control, type }}
            onChange={(picture) => set({ picture })}
          />
          <Numbers control={control} set={set} />
        </div>
      )}
    </div>
  );
}

const STRENGTH = { kind: 'decimal', min: 0, max: 2, step: 0.05 } as const;
const WHOLE_WAY = { min: 0, max: 1 } as const;
const PART = { kind: 'decimal', ...WHOLE_WAY, step: 0.05 } as const;

function Numbers({ control, set }: { control: Control; set: (change: Partial<Control>) => void }) {
  const { t } = useTranslation();
  const { strength, start, end } = control;
  return (
    <>
      <SliderField
        name="control.strength"
        label={t('composer.strength')}
        range={STRENGTH}
        value={strength}
        onValue={(next) => set({ strength: next })}
      />
      <div className={styles.part}>
        <SliderField
          name="control.start"
          label={t('composer.rangeStart')}
          range={{ ...PART, max: end }}
          ends={WHOLE_WAY}
          value={start}
          onValue={(next) => set({ start: next })}
        />
        <SliderField
          name="control.end"
          label={t('composer.rangeEnd')}
          range={{ ...PART, min: start }}
          ends={WHOLE_WAY}
          value={end}
          onValue={(next) => set({ end: next })}
        />
      </div>
    </>
  );
}
