/** The input picture of an inpainting in the form: what is repainted of it and around it, and the way to the editor. */
import { extendedSize, type Outpaint, type Size } from '@limner/contract';
import { Button } from 'antd';
import type { CSSProperties } from 'react';
import { useTranslation } from 'react-i18next';
import { compose, type Picture, useDraft } from '../../../../state/draft/draft.ts';
import { editMask } from '../../../../state/mask-editing.ts';
import { useStudio } from '../../../../state/studio.ts';
import { IconButton } from '../../../../ui/icon-button.tsx';
import frame from '../picture-frame.module.css';
import styles from './mask-card.module.css';

export function MaskCard({ picture }: { picture: Picture }) {
  const { t } = useTranslation();
  const canExtend = useStudio(({ families }) => families.some((one) => one.available && one.outpaint));
  const mask = useDraft((state) => state.mask);
  const outpaint = useDraft((state) => state.outpaint);
  const whole = extendedSize(picture, outpaint);
  const place = placeWithin(whole, picture, outpaint);
  return (
    <div className={styles.card}>
      <div
        className={`${frame.picture} ${styles.picture} checkerboard`}
        style={{ '--ratio': whole.width / whole.height } as CSSProperties}
        data-extended={outpaint !== null}
      >
        <img src={picture.url} alt={t('composer.input')} draggable={false} style={place} />
        {mask && (
          <div
            className={styles.mask}
            style={{ ...place, maskImage: `url("${mask.url}")` }}
            data-mask={mask.ref}
          />
        )}
        <span className={frame.tools}>
          <IconButton
            icon="close"
            label={t('composer.inputRemove')}
            onClick={() => compose({ input: null, mask: null, outpaint: null })}
          />
        </span>
        <span className={frame.caption}>{t('composer.sizeOf', whole)}</span>
      </div>
      <div className={styles.buttons}>
        <Button onClick={() => editMask('paint')}>{t(mask ? 'mask.edit' : 'mask.paint')}</Button>
        {canExtend && <Button onClick={() => editMask('extend')}>{t('mask.extend')}</Button>}
        {outpaint && <Button onClick={() => compose({ outpaint: null })}>{t('mask.noFrame')}</Button>}
      </div>
    </div>
  );
}

function placeWithin(whole: Size, { width, height }: Size, outpaint: Outpaint | null): CSSProperties {
  const share = (px: number, of: number) => `${(100 * px) / of}%`;
  return {
    left: share(outpaint?.left ?? 0, whole.width),
    top: share(outpaint?.top ?? 0, whole.height),
    width: share(width, whole.width),
    height: share(height, whole.height),
  };
}
