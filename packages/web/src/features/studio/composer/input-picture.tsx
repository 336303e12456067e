import type { FamilyOffer } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import { NoEffect } from '../../../ui/no-effect.tsx';
import styles from './input-picture.module.css';
import { MaskCard } from './mask/mask-card.tsx';
import { ParamControl } from './param-control.tsx';
import { PictureField } from './picture-field.tsx';

export function InputPicture({ family }: { family: FamilyOffer | null }) {
  const { t } = useTranslation();
  const mode = useDraft((state) => state.mode);
  const input = useDraft((state) => state.input);
  const isExtended = useDraft((state) => state.outpaint !== null);
  const denoise = family?.params.find(({ key }) => key === 'denoise');
  return (
    <div className={styles.input}>
      {mode === 'inpaint' && input ? (
        <MaskCard picture={input} />
      ) : (
        <PictureField
          label={t('composer.input')}
          picture={input}
          onChange={(picture) => compose({ input: picture, mask: null, outpaint: null })}
        />
      )}
      {mode === 'inpaint' && isExtended && family?.extends_by_words === false && (
        <NoEffect
          label={t('composer.extendLabel')}
          reason={t('composer.extendWordless', { model: family.label[spokenLanguage()] })}
        />
      )}
      {family && denoise && <ParamControl family={family.id} param={denoise} />}
    </div>
  );
}
