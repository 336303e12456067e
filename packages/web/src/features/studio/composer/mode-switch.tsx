import { Popover, Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { spokenLanguage } from '../../../i18n/i18n.ts';
import { compose, MODES, type Mode, useDraft } from '../../../state/draft/draft.ts';
import { canEdit, knowsMode } from '../../../state/draft/draft-rules.ts';
import { useStudio } from '../../../state/studio.ts';
import { Icon, type IconName } from '../../../ui/icon.tsx';
import styles from './mode-switch.module.css';

const LOOKS = {
  txt2img: { icon: 'text', label: 'composer.text' },
  img2img: { icon: 'image', label: 'composer.image' },
  inpaint: { icon: 'mask', label: 'composer.inpaint' },
  edit: { icon: 'pencil', label: 'composer.edit' },
  video: { icon: 'video', label: 'video.mode' },
} as const satisfies Record<Mode, { icon: IconName; label: string }>;

/** More are too wide with icons. */
const MODES_WITH_ICONS = 4;

/** Offers modes that some model supports; the model picker shows which can run now. */
export function ModeSwitch() {
  const { t } = useTranslation();
  const chosen = useDraft((state) => state.mode);
  const families = useStudio((state) => state.families);
  const known = MODES.filter(
    (mode) => mode === 'txt2img' || mode === chosen || families.some((family) => knowsMode(family, mode)),
  );
  const blocked = (mode: Mode) => mode === 'edit' && mode !== chosen && !canEdit(families);
  return (
    <Segmented
      className={known.length > MODES_WITH_ICONS ? `${styles.modes} ${styles.many}` : styles.modes}
      block
      aria-label={t('composer.mode')}
      value={chosen}
      onChange={(mode) => compose({ mode })}
      options={known.map((mode) => ({
        value: mode,
        disabled: blocked(mode),
        label: blocked(mode) ? <Blocked mode={mode} /> : <ModeName mode={mode} />,
      }))}
    />
  );
}

function ModeName({ mode }: { mode: Mode }) {
  const { t } = useTranslation();
  return (
    <span className={styles.mode}>
      <Icon name={LOOKS[mode].icon} />
      {t(LOOKS[mode].label)}
    </span>
  );
}

/** Why it is disabled, with a link to the cure. */
function Blocked({ mode }: { mode: Mode }) {
  const { t } = useTranslation();
  const families = useStudio((state) => state.families);
  const missing = families
    .filter((family) => knowsMode(family, mode))
    .flatMap(({ engines }) => engines.flatMap((engine) => engine.missing))[0];
  const why = (
    <div className={styles.why}>
      <p>{missing?.cure[spokenLanguage()] ?? t('composer.noModel')}</p>
      <Link to="/settings">{t('composer.noModelCure')}</Link>
    </div>
  );
  return (
    <Popover content={why} trigger={['hover', 'click']} placement="bottom">
      <span>
        <ModeName mode={mode} />
      </span>
    </Popover>
  );
}
