import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/shallow';
import { useDraft } from '../../../state/draft/draft.ts';
import { useStudio } from '../../../state/studio.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import { useStyleName, useStyleSample } from '../styles/use-style.ts';
import styles from './phone-chips.module.css';

/** The settings as chips; each opens the sheet. */
export function PhoneChips({ onMore }: { onMore: () => void }) {
  const { t } = useTranslation();
  const { ratio, count, seed, mode, input, references } = useDraft(
    useShallow(({ ratio, count, seed, mode, input, references }) => ({
      ratio,
      count,
      seed,
      mode,
      input,
      references,
    })),
  );
  const styleId = useStudio((state) => state.styleId);
  const style = useStudio((state) => state.styles.find(({ id }) => id === styleId));
  const sample = useStyleSample(styleId ?? 0);
  const name = useStyleName(style);
  return (
    // Rendered after the style is known, so that the others do not move.
    <div className={styles.chips} data-waiting={!style}>
      <button type="button" className={styles.chosen} onClick={onMore}>
        <span className={styles.swatch} aria-hidden="true">
          {sample ? <Thumb url={sample} alt="" width={18} /> : [...name][0]}
        </span>
        {name || t('styles.choose')}
      </button>
      {mode === 'edit' && (
        <button type="button" onClick={onMore}>
          {references.length > 0
            ? t('composer.referencesOf', { count: references.length })
            : t('composer.references')}
        </button>
      )}
      {(mode === 'img2img' || mode === 'inpaint') && (
        <button type="button" onClick={onMore}>
          {input ? t('composer.input') : t('composer.image')}
        </button>
      )}
      {mode === 'video' && (
        <button type="button" onClick={onMore}>
          {t('video.mode')}
        </button>
      )}
      {mode === 'txt2img' && (
        <button type="button" onClick={onMore}>
          {ratio === 'free' ? t('composer.free') : ratio.replace(':', ' : ')}
        </button>
      )}
      {mode !== 'video' && (
        <button type="button" onClick={onMore}>
          {t('common.pictures', { count })}
        </button>
      )}
      <button type="button" onClick={onMore} aria-label={t('composer.seed')}>
        <Icon name={seed === null ? 'dice' : 'lock'} />
      </button>
    </div>
  );
}
