/** The frame by numbers and by shape, and its limits. */
import {
  extendedSize,
  extendsNothing,
  MAX_EXTENDED_PIXELS,
  MAX_EXTENDED_SIDE_PX,
  MAX_FEATHER_PX,
  MAX_MARGIN_PX,
  OUTPAINT_SIDES,
  type Outpaint,
  type Size,
} from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { NumberField } from '../../../../parts/number/number-field.tsx';
import { type FrameShape, NO_MARGINS, shaped, withMargin } from './frame.ts';
import { frameField } from './frame-fields.ts';
import styles from './mask-editor.module.css';

const RATIOS: [string, number][] = [
  ['1:1', 1],
  ['4:3', 4 / 3],
  ['3:4', 3 / 4],
  ['16:9', 16 / 9],
  ['9:16', 9 / 16],
];
/** Of the picture's side, added at each end of it. */
const GROWTH_PERCENT = [25, 50];

const RANGE = { kind: 'whole', min: 0, max: MAX_MARGIN_PX, step: 1 } as const;
const FEATHER = { kind: 'whole', min: 0, max: MAX_FEATHER_PX, step: 1 } as const;

interface FramePanelProps {
  picture: Size;
  outpaint: Outpaint;
  /** @param field that was typed into; absent: a shape was chosen */
  onChange: (outpaint: Outpaint, field?: string) => void;
  /** Nothing more is typed into the field. */
  onTyped: () => void;
  /** Sides are multiples of this. */
  step: number;
}

export function FramePanel({ picture, outpaint, onChange, onTyped, step }: FramePanelProps) {
  const { t } = useTranslation();
  const take = (shape: FrameShape) => onChange({ ...outpaint, ...shaped(picture, shape, step) });
  return (
    <div className={styles.group}>
      <p>{t('mask.extendHint')}</p>
      <fieldset className={styles.chips} aria-label={t('mask.shapes')}>
        {RATIOS.map(([name, ratio]) => (
          <button key={name} type="button" onClick={() => take({ ratio })}>
            {name}
          </button>
        ))}
        {GROWTH_PERCENT.map((percent) => (
          <button key={percent} type="button" onClick={() => take({ factor: 1 + percent / 50 })}>
            {t('mask.growth', { percent })}
          </button>
        ))}
        <button
          type="button"
          disabled={extendsNothing(outpaint)}
          onClick={() => onChange({ ...outpaint, ...NO_MARGINS })}
        >
          {t('mask.noFrame')}
        </button>
      </fieldset>
      <div className={styles.sides}>
        {OUTPAINT_SIDES.map((side) => (
          <NumberField
            key={side}
            label={t(`mask.side.${side}`)}
            name={frameField(side)}
            unit="px"
            range={RANGE}
            value={outpaint[side]}
            onBlur={onTyped}
            onValue={(px) => onChange({ ...outpaint, ...withMargin(picture, outpaint, side, px, 1) }, side)}
          />
        ))}
        <NumberField
          label={t('mask.seam')}
          name={frameField('feather')}
          unit="px"
          range={FEATHER}
          value={outpaint.feather}
          onBlur={onTyped}
          onValue={(feather) => onChange({ ...outpaint, feather }, 'feather')}
        />
      </div>
      <p role="status">
        {t('mask.result', { ...extendedSize(picture, outpaint) })}{' '}
        {t('mask.limits', {
          margin: MAX_MARGIN_PX,
          side: MAX_EXTENDED_SIDE_PX,
          megapixels: MAX_EXTENDED_PIXELS / 1e6,
        })}
      </p>
    </div>
  );
}
