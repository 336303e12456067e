import type { FamilyOffer } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { compose, useDraft } from '../../../state/draft/draft.ts';
import styles from './input-picture.module.css';
import { MaskCard } from './mask/mask-card.tsx';
import { ParamControl } from './param-control.tsx';
import { PictureField } from './picture-field.tsx';

export function InputPicture({ family }: { family: FamilyOffer | null }) {
  const { t } = useTranslation();
  const mode = useDraft((state) => state.mode);
  const input = useDraft((state) => state.input);
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
      {family && denoise && <ParamControl family={family.id} param={denoise} />}
    </div>
  );
}
