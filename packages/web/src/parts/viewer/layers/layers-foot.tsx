import { LAYER_FORMATS, type Output } from '@limner/contract';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { compose } from '../../../state/draft/draft.ts';
import { exportUrl, keepArranged, type LayersOfPicture } from '../../../state/layers/arrangements.ts';
import { notify } from '../../../state/notices.ts';
import { closeViewer } from '../../../state/shown-picture.ts';
import { attempt } from '../../../state/task-actions.ts';
import { Icon } from '../../../ui/icon.tsx';
import styles from './layers-panel.module.css';

/** Exports the layers as they are arranged. */
export function LayersFoot({ picture, shown }: { picture: Output; shown: LayersOfPicture }) {
  const { t } = useTranslation();
  return (
    <footer className={styles.foot}>
      <fieldset className={styles.formats}>
        <legend>{t('layers.export')}</legend>
        {LAYER_FORMATS.map((format) => (
          <Button
            key={format}
            size="small"
            icon={<Icon name="download" size={14} />}
            href={exportUrl(picture, format, shown)}
            title={t(`layers.${format}Hint`)}
          >
            {t(`layers.${format}`)}
          </Button>
        ))}
      </fieldset>
      <div className={styles.formats}>
        <UseButton picture={picture} shown={shown} />
        <Button
          size="small"
          icon={<Icon name="retry" size={14} />}
          disabled={shown.isAsPainted}
          onClick={shown.reset}
        >
          {t('layers.reset')}
        </Button>
      </div>
    </footer>
  );
}

/** Keeps the arrangement as a picture, which the form begins with. */
function UseButton({ picture, shown }: { picture: Output; shown: LayersOfPicture }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [isKeeping, setKeeping] = useState(false);
  const use = async () => {
    setKeeping(true);
    await attempt(async () => {
      const { id, url, width, height } = await keepArranged(picture, shown);
      compose({ input: { ref: id, url, width, height }, mask: null, mode: 'img2img' });
      notify({ text: t('layers.kept'), tone: 'news' });
      closeViewer();
      navigate('/');
    });
    setKeeping(false);
  };
  return (
    <Button
      size="small"
      icon={<Icon name="image" size={14} />}
      loading={isKeeping}
      onClick={() => void use()}
    >
      {t('layers.keep')}
    </Button>
  );
}
