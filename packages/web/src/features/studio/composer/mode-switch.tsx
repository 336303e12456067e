import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { compose, type Mode, useComposer } from '../../../state/composer.ts';
import { useStudio } from '../../../state/studio.ts';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import styles from './mode-switch.module.css';

const MODES: {
  mode: Mode;
  icon: IconName;
  label: 'composer.text' | 'composer.image' | 'composer.inpaint';
}[] = [
  { mode: 'txt2img', icon: 'text', label: 'composer.text' },
  { mode: 'img2img', icon: 'image', label: 'composer.image' },
  { mode: 'inpaint', icon: 'mask', label: 'composer.inpaint' },
];

/** Offers what some model here knows; which of them can do it now is said at the model. */
export function ModeSwitch() {
  const { t } = useTranslation();
  const chosen = useComposer((state) => state.mode);
  const families = useStudio((state) => state.families);
  const known = MODES.filter(
    ({ mode }) => mode === 'txt2img' || families.some((family) => family.types.includes(mode)),
  );
  return (
    <Segmented
      className={styles.modes}
      block
      aria-label={t('composer.mode')}
      value={known.some(({ mode }) => mode === chosen) ? chosen : 'txt2img'}
      onChange={(mode) => compose({ mode })}
      options={known.map(({ mode, icon, label }) => ({
        value: mode,
        label: (
          <span className={styles.mode}>
            <Icon name={icon} />
            {t(label)}
          </span>
        ),
      }))}
    />
  );
}
