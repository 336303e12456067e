/** The one gold button: it says what happens and what it costs, or what stands in the way. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { roughly } from '../../../i18n/format.ts';
import { useDraft } from '../../../state/draft/draft.ts';
import { familyFor } from '../../../state/draft/draft-rules.ts';
import { useStudio } from '../../../state/studio.ts';
import { Icon } from '../../../ui/icon.tsx';
import styles from './generate-button.module.css';
import type { Generate } from './use-generate.ts';

interface GenerateButtonProps extends Generate {
  phone: boolean;
  open: boolean;
  onMore: () => void;
}

const command = navigator.platform.startsWith('Mac') ? '⌘' : 'Ctrl';

export function GenerateButton({
  run,
  sending,
  obstacle,
  waiting,
  offline,
  phone,
  open,
  onMore,
}: GenerateButtonProps) {
  const { t } = useTranslation();
  const count = useDraft((state) => state.count);
  const cost = useCost(count);
  return (
    <>
      <div className={styles.row}>
        <Button
          type="primary"
          size="large"
          className={styles.button}
          loading={sending}
          disabled={(obstacle !== null && obstacle !== 'composer.promptFirst') || offline}
          onClick={run}
        >
          {t('composer.generate', { count })}
          {cost && <span className={styles.cost}>{t('composer.about', { time: cost })}</span>}
          {!phone && <kbd className={styles.key}>{command} ↵</kbd>}
        </Button>
        {phone && (
          <Button
            size="large"
            className={styles.more}
            aria-label={t(open ? 'composer.closeAll' : 'composer.openAll')}
            aria-expanded={open}
            icon={<Icon name={open ? 'down' : 'sliders'} size={20} />}
            onClick={onMore}
          />
        )}
      </div>
      <p className={styles.hint} role="status">
        {offline
          ? t('pill.lostLong')
          : obstacle !== null && obstacle !== 'composer.promptFirst' && !waiting && t(obstacle)}
        {obstacle === 'composer.noModel' && !offline && !waiting && (
          <Link to="/settings"> {t('composer.noModelCure')}</Link>
        )}
      </p>
    </>
  );
}

function useCost(count: number): string | null {
  const families = useStudio((state) => state.families);
  const mode = useDraft((state) => state.mode);
  const picked = useDraft((state) => state.family);
  const perPicture = familyFor(families, { mode, family: picked })?.seconds_per_frame ?? null;
  return perPicture === null ? null : roughly(perPicture * count);
}
