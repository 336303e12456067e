import { useTranslation } from 'react-i18next';
import { type GalleryPicture, pickFromGallery } from '../../state/gallery.ts';
import { Icon } from '../../ui/icon.tsx';
import styles from './pick-gallery-button.module.css';

interface PickGalleryButtonProps {
  most?: number;
  onPick: (pictures: GalleryPicture[]) => void;
}

/** Chooses a stored picture. */
export function PickGalleryButton({ most = 1, onPick }: PickGalleryButtonProps) {
  const { t } = useTranslation();
  const pick = async () => {
    const pictures = await pickFromGallery(most);
    if (pictures.length > 0) onPick(pictures);
  };
  return (
    <button type="button" className={styles.pick} onClick={() => void pick()}>
      <Icon name="grid" size={14} />
      {t('gallery.pick')}
    </button>
  );
}
