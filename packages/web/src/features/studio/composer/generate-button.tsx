/** The primary button: says what it does and how long it takes, or why it is disabled. */
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useDraft } from '../../../state/draft/draft.ts';
import { countOf, familyFor } from '../../../state/draft/draft-rules.ts';
import { useStudio } from '../../../state/studio.ts';
import { Icon } from '../../../ui/icon.tsx';
import styles from './generate-button.module.css';
import { useCost, useLaneOf } from './use-cost.ts';
import type { Generate } from './use-generate.ts';
import { useStyleModels } from './use-style-models.ts';

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
  const count = useDraft(countOf);
  const mode = useDraft((state) => state.mode);
  const families = useStudio((state) => state.families);
  const family = useDraft((draft) => familyFor(families, draft));
  const lane = useLaneOf(family);
  const cost = useCost(family, lane, count);
  const models = useStyleModels();
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
          {mode === 'video' ? t('video.generate') : t('composer.generate', { count })}
          {cost && <span className={styles.cost}>{cost}</span>}
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
          : obstacle !== null && obstacle !== 'composer.promptFirst' && !waiting
            ? t(obstacle, { models })
            : lane?.paused_at && t('queue.pausedWaits')}
        {lane?.paused_at && !offline && <Link to="/queue"> {t('queue.title')}</Link>}
        {obstacle === 'composer.noModel' && !offline && !waiting && (
          <Link to="/settings"> {t('composer.noModelCure')}</Link>
        )}
      </p>
    </>
  );
}
