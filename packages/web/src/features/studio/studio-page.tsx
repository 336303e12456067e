import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { offerInForm } from '../../state/recipe/recipe-offer.ts';
import { Dropzone } from '../../ui/dropzone.tsx';
import { DESKTOP, PHONE, useMedia } from '../../ui/use-media.ts';
import { usePageTitle } from '../../ui/use-page-title.ts';
import { Composer } from './composer/composer.tsx';
import { takeFiles, takeUrl } from './composer/take-input-file.ts';
import styles from './studio-page.module.css';
import { StylesPane } from './styles/styles-pane.tsx';
import { Wall } from './wall/wall.tsx';

export default function StudioPage() {
  const { t } = useTranslation();
  usePageTitle(t('nav.studio'));
  const navigate = useNavigate();
  const phone = useMedia(PHONE);
  const desktop = useMedia(DESKTOP);
  return (
    <Dropzone
      onFiles={(files) => {
        void takeFiles(files, () => navigate('/settings/workflows'));
        if (files[0]) void offerInForm(files[0]);
      }}
      onUrl={(url) => void takeUrl(url)}
    >
      <main className={styles.studio}>
        <h1 className="visually-hidden">{t('nav.studio')}</h1>
        {desktop && <StylesPane />}
        <Composer phone={phone} withStyles={!desktop} />
        <Wall phone={phone} />
      </main>
    </Dropzone>
  );
}
