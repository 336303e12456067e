import { type DragEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { PickGalleryButton } from '../../../parts/gallery/pick-gallery-button.tsx';
import type { Picture } from '../../../state/draft/draft.ts';
import { pickFromGallery } from '../../../state/gallery.ts';
import { offerInForm } from '../../../state/recipe/recipe-offer.ts';
import { Icon } from '../../../ui/icon.tsx';
import { IconButton } from '../../../ui/icon-button.tsx';
import { pickFiles } from '../../../ui/pick-file.ts';
import { Thumb } from '../../../ui/pictures/thumb.tsx';
import { useTouch } from '../../../ui/use-media.ts';
import styles from './picture-field.module.css';
import frame from './picture-frame.module.css';
import { uploadPicture } from './take-input-file.ts';

interface PictureFieldProps {
  label: string;
  /** What the picture is for, in an empty field. */
  hint?: string;
  picture: Picture | null;
  onChange: (picture: Picture | null) => void;
  /** Smaller, for two side by side. */
  low?: boolean;
}

/**
 * A field for one picture: empty it offers file selection, otherwise shows the picture. The page handles drops
 * elsewhere.
 */
export function PictureField({ label, hint, picture, onChange, low = false }: PictureFieldProps) {
  const { t } = useTranslation();
  const touch = useTouch();
  const [busy, setBusy] = useState(false);
  const choose = async () => take(await pickFiles(false));
  const pick = async () => {
    const [picked] = await pickFromGallery();
    if (picked) onChange(picked);
  };
  const take = async ([file]: File[]) => {
    if (!file) return;
    void offerInForm(file);
    setBusy(true);
    const uploaded = await uploadPicture(file);
    setBusy(false);
    if (uploaded) onChange(uploaded);
  };
  // Marks the drop as handled for the page.
  const dropped = (event: DragEvent) => {
    event.preventDefault();
    void take([...event.dataTransfer.files]);
  };
  if (!picture) {
    return (
      <div className={`${frame.place} ${styles.empty}`}>
        <button
          type="button"
          className={`${frame.ask} ${styles.choose}`}
          disabled={busy}
          onClick={() => void choose()}
          onDrop={dropped}
        >
          <Icon name="image" size={22} />
          <span>{busy ? t('composer.uploading') : (hint ?? t('composer.inputDrop', touch))}</span>
        </button>
        <PickGalleryButton onPick={([picked]) => onChange(picked ?? null)} />
      </div>
    );
  }
  return (
    <figure className={`${frame.picture} ${styles.picture}`} data-low={low} onDrop={dropped}>
      <Thumb url={picture.url} alt={label} width={340} fit="contain" />
      <figcaption className={frame.caption}>{label}</figcaption>
      <span className={frame.tools}>
        <IconButton icon="image" label={t('composer.inputReplace')} onClick={() => void choose()} />
        <IconButton icon="grid" label={t('gallery.pick')} onClick={() => void pick()} />
        <IconButton icon="close" label={t('composer.inputRemove')} onClick={() => onChange(null)} />
      </span>
    </figure>
  );
}
