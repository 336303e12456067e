import type { FamilyOffer } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { useShallow } from 'zustand/shallow';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { sentenceOf, sentenceOfBody } from '../../../i18n/problem.ts';
import { type Control, type Draft, type Picture, useDraft } from '../../../state/draft/draft.ts';
import { sizeFor } from '../../../state/draft/draft-rules.ts';
import { useStudio } from '../../../state/studio.ts';
import { Icon } from '../../../ui/icon.tsx';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import styles from './control-pictures.module.css';
import { PictureField } from './picture-field.tsx';
import frame from './picture-frame.module.css';
import { useControlPreview } from './use-control-preview.ts';

interface ControlPicturesProps {
  family: FamilyOffer;
  control: Control;
  onChange: (picture: Picture | null) => void;
}

/** The control picture and, beside it, what the model receives. */
export function ControlPictures({ family, control, onChange }: ControlPicturesProps) {
  const { t } = useTranslation();
  const { picture, type } = control;
  if (!picture)
    return <PictureField label={t('composer.controlPicture')} picture={null} onChange={onChange} />;
  return (
    <div className={styles.pair}>
      <PictureField label={t('composer.yourPicture')} picture={picture} onChange={onChange} low />
      <Icon name="right" />
      <Seen family={family} type={type} picture={picture} />
    </div>
  );
}

interface SeenProps {
  family: FamilyOffer;
  type: Control['type'];
  picture: Picture;
}

function Seen({ family, type, picture }: SeenProps) {
  const { t } = useTranslation();
  const size = useDraft(useShallow((draft) => sizeOfDraft(draft, family)));
  const looker = useStudio((state) => state.families.find(({ id }) => id === family.control_preview));
  const able = looker?.available && looker.controls.includes(type);
  const { url, loading, error, problem } = useControlPreview(
    able ? { image: picture.ref, type, ...size, family: looker.id } : null,
  );
  const cure = looker?.engines.flatMap(({ missing }) => missing)[0]?.cure[spokenLanguage()];
  const why = !able
    ? (cure ?? t('composer.unavailable'))
    : error
      ? sentenceOfBody(error)
      : problem != null && sentenceOf(problem);
  return (
    <figure className={`${frame.picture} ${styles.seen}`} data-loading={loading} aria-busy={loading}>
      {why && <p role="status">{why}</p>}
      {!why && url && <Thumb url={url} alt={t('composer.modelSees')} width={340} fit="contain" />}
      <figcaption className={frame.caption}>
        {t(loading ? 'composer.looking' : 'composer.modelSees')}
      </figcaption>
    </figure>
  );
}

/** Cropped to the output size; image to image has the size of its input. */
const sizeOfDraft = (draft: Draft, family: FamilyOffer) =>
  draft.mode === 'txt2img' ? sizeFor(family, draft) : null;
