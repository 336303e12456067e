/** Everything that changes the mask without a pointer: brush, whole-mask operations, masks of alpha and of the cut-out. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { NumberInput } from '../../../../parts/number/number-input.tsx';
import { SliderField } from '../../../../parts/number/slider-field.tsx';
import { Field } from '../../../../ui/field.tsx';
import styles from './mask-editor.module.css';
import { MAX_RESHAPE_PX, type Reshape } from './reshape.ts';

const PERCENT = { kind: 'whole', min: 0, max: 100, step: 1 } as const;
const SIZE = { kind: 'whole', min: 1, max: 40, step: 1 } as const;
const SHADE = { kind: 'whole', min: 10, max: 100, step: 5 } as const;
const RESHAPE = { kind: 'whole', min: 1, max: MAX_RESHAPE_PX, step: 1 } as const;

export interface Brush {
  /** Percent of the picture's longer side. */
  size: number;
  /** Percent: 100 is a hard edge. */
  hardness: number;
  /** Percent: how the mask is shown. */
  shade: number;
}

/** One key press larger or smaller, quicker where it is large. */
export const resized = (brush: Brush, way: 1 | -1): Brush => {
  const size = brush.size + way * Math.max(1, Math.round(brush.size / 8));
  return { ...brush, size: Math.min(SIZE.max, Math.max(SIZE.min, size)) };
};

export interface MaskActions {
  fill: () => void;
  invert: () => void;
  clear: () => void;
  ofAlpha: (part: 'opaque' | 'transparent') => void;
  ofCutOut: (part: 'subject' | 'background') => void;
  reshape: (reshape: Reshape) => void;
}

interface MaskPanelProps {
  brush: Brush;
  onBrush: (change: Partial<Brush>) => void;
  actions: MaskActions;
  disabled: boolean;
}

export function MaskPanel({ brush, onBrush, actions, disabled }: MaskPanelProps) {
  const { t } = useTranslation();
  const [px, setPx] = useState(8);
  const button = (label: string, run: () => void) => (
    <button type="button" disabled={disabled} onClick={run}>
      {label}
    </button>
  );
  return (
    <div className={styles.group}>
      <SliderField
        name="brush"
        label={t('composer.maskBrush')}
        hint={t('composer.maskBrushHint')}
        range={SIZE}
        unit="%"
        value={brush.size}
        onValue={(size) => onBrush({ size })}
      />
      <SliderField
        name="hardness"
        label={t('mask.hardness')}
        range={PERCENT}
        unit="%"
        value={brush.hardness}
        onValue={(hardness) => onBrush({ hardness })}
      />
      <SliderField
        name="mask-shade"
        label={t('mask.shade')}
        range={SHADE}
        unit="%"
        value={brush.shade}
        onValue={(shade) => onBrush({ shade })}
      />
      <fieldset className={styles.chips} aria-label={t('mask.whole')}>
        {button(t('mask.fill'), actions.fill)}
        {button(t('composer.maskInvert'), actions.invert)}
        {button(t('composer.maskClear'), actions.clear)}
      </fieldset>
      <fieldset className={styles.chips} aria-label={t('mask.ofAlpha')}>
        <legend>{t('mask.ofAlpha')}</legend>
        {button(t('mask.transparent'), () => actions.ofAlpha('transparent'))}
        {button(t('mask.opaque'), () => actions.ofAlpha('opaque'))}
      </fieldset>
      <fieldset className={styles.chips} aria-label={t('mask.ofCutOut')}>
        <legend>{t('mask.ofCutOut')}</legend>
        {button(t('mask.subject'), () => actions.ofCutOut('subject'))}
        {button(t('mask.background'), () => actions.ofCutOut('background'))}
      </fieldset>
      <fieldset className={styles.chips} aria-label={t('mask.edge')}>
        <legend>{t('mask.edge')}</legend>
        <Field label={t('mask.by')}>
          {(control) => (
            <NumberInput
              {...control}
              name="mask-px"
              size="small"
              suffix="px"
              range={RESHAPE}
              value={px}
              onValue={setPx}
            />
          )}
        </Field>
        {button(t('mask.grow'), () => actions.reshape({ kind: 'grow', px }))}
        {button(t('mask.shrink'), () => actions.reshape({ kind: 'shrink', px }))}
        {button(t('mask.feather'), () => actions.reshape({ kind: 'feather', px }))}
      </fieldset>
    </div>
  );
}
