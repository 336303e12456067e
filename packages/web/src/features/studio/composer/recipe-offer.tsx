import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { dismissOffer, restoreOffer, useFormOffer } from '../../../state/recipe/recipe-offer.ts';
import { IconButton } from '../../../ui/icon-button.tsx';
import styles from './recipe-offer.module.css';

/** Where the picture that was given contains its recipe. */
export function RecipeOffer() {
  const { t } = useTranslation();
  const isOffered = useFormOffer(({ found }) => found !== null);
  if (!isOffered) return null;
  return (
    <div className={styles.offer} role="status">
      <span>{t('recipe.found')}</span>
      <Button size="small" onClick={() => void restoreOffer()}>
        {t('recipe.restore')}
      </Button>
      <IconButton icon="close" label={t('common.dismiss')} onClick={dismissOffer} />
    </div>
  );
}
