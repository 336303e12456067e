import type { Family, Size } from '@limner/contract';
import { Select } from 'antd';
import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import { NumberInput } from '../../../parts/number/number-input.tsx';
import { compose, type Ratio, useDraft } from '../../../state/draft/draft.ts';
import { useRefusedNumbers } from '../../../state/draft/refused-numbers.ts';
import { keepsOwnShape, longSides, sizeOn } from '../../../state/sizes.ts';
import styles from './size-picker.module.css';

type Limits = NonNullable<Family['size']>;

/** The icons have their aspect ratio. */
const SHAPES: { ratio: Ratio; width: number; height: number }[] = [
  { ratio: '1:1', width: 22, height: 22 },
  { ratio: '4:3', width: 25, height: 19 },
  { ratio: '16:9', width: 28, height: 16 },
  { ratio: '3:4', width: 17, height: 23 },
  { ratio: 'free', width: 20, height: 20 },
];

/** @param shape of the picture that is painted over */
export function SizePicker({ limits, shape }: { limits: Limits; shape: Size | null }) {
  const { t } = useTranslation();
  const chosen = useDraft((state) => state.ratio);
  const longSide = useDraft((state) => state.longSide);
  const free = useDraft((state) => state.free);
  const size = sizeOn(limits, { ratio: chosen, longSide, free }, shape);
  const isOwnShape = keepsOwnShape(limits, { ratio: chosen, longSide }, shape);
  const choose = (ratio: Ratio) => {
    if (ratio === 'free') return compose({ ratio, free: size });
    // Sets a side too, so that the chosen ratio replaces the workflow's or the picture's own size.
    compose({ ratio, longSide: isOwnShape ? Math.max(size.width, size.height) : longSide });
  };
  return (
    <fieldset className={styles.size} aria-label={t('composer.size')}>
      <div className={styles.head}>
        <span>{t('composer.size')}</span>
        <span className={styles.now}>{t('composer.sizeOf', size)}</span>
      </div>
      <div className={styles.shapes}>
        {SHAPES.map(({ ratio, width, height }) => (
          <button
            key={ratio}
            type="button"
            aria-pressed={ratio === chosen && !isOwnShape}
            onClick={() => choose(ratio)}
          >
            <i style={{ width, height }} data-free={ratio === 'free'} />
            {ratio === 'free' ? t('composer.free') : ratio.replace(':', ' : ')}
          </button>
        ))}
      </div>
      {chosen === 'free' ? (
        <FreeSize size={size} limits={limits} />
      ) : (
        <Resolution limits={limits} longSide={longSide} />
      )}
    </fieldset>
  );
}

function Resolution({ limits, longSide }: { limits: Limits; longSide: number | null }) {
  const { t } = useTranslation();
  const sides = longSides(limits);
  if (sides.length < 2) return null;
  const current = longSide !== null && longSide <= limits.max ? longSide : limits.default;
  return (
    <div className={styles.line}>
      <span>
        {t('composer.longSide')} <small>{t('composer.sideRange', limits)}</small>
      </span>
      <Select
        aria-label={t('composer.longSide')}
        size="small"
        className={styles.side}
        value={current}
        onChange={(side) => compose({ longSide: side })}
        options={sides.map((side) => ({ value: side, label: `${side} px` }))}
        virtual={false}
      />
    </div>
  );
}

function FreeSize({ size, limits }: { size: Size; limits: Limits }) {
  const { t } = useTranslation();
  const refused = useRefusedNumbers((texts) => texts.width !== undefined || texts.height !== undefined);
  const rangeId = useId();
  const field = (side: keyof Size) => (
    <NumberInput
      name={side}
      aria-describedby={rangeId}
      aria-label={t(`composer.${side}`)}
      prefix={<span className={styles.side}>{t(`composer.${side}`)}</span>}
      range={limits}
      value={size[side]}
      onValue={(value) => compose({ free: { ...size, [side]: value } })}
    />
  );
  return (
    <>
      <div className={styles.free}>
        {field('width')}
        {field('height')}
      </div>
      <p
        id={rangeId}
        className={refused ? `${styles.hint} ${styles.refused}` : styles.hint}
        role={refused ? 'alert' : undefined}
      >
        {t(limits.step > 1 ? 'composer.sidesOnGrid' : 'composer.sides', limits)}
      </p>
    </>
  );
}
