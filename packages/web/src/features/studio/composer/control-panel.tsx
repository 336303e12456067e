/** The control picture and its settings. Offers only the family's types. */
import type { FamilyOffer } from '@limner/contract';
import { Popover, Segmented, Slider, Switch } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
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
          <Sliders control={control} set={set} />
        </div>
      )}
    </div>
  );
}

function Sliders({ control, set }: { control: Control; set: (change: Partial<Control>) => void }) {
  const { t } = useTranslation();
  const range = { from: control.start.toFixed(2), to: control.end.toFixed(2) };
  return (
    <div className={styles.sliders}>
      <span>{t('composer.strength')}</span>
      <Slider
        ariaLabelForHandle={t('composer.strength')}
        min={0}
        max={2}
        step={0.05}
        value={control.strength}
        tooltip={{ open: false }}
        onChange={(strength) => set({ strength })}
      />
      <output>{control.strength.toFixed(2)}</output>
      <span>{t('composer.range')}</span>
      <Slider
        range
        ariaLabelForHandle={[t('composer.range'), t('composer.range')]}
        min={0}
        max={1}
        step={0.05}
        value={[control.start, control.end]}
        tooltip={{ open: false }}
        onChange={([start = 0, end = 1]) => set({ start, end })}
      />
      <output>{t('composer.rangeValue', range)}</output>
    </div>
  );
}
