/** The primary button: says what it does and how long it takes, or why it is disabled. */
import type { FamilyOffer, QueueLane } from '@limner/contract';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { useShallow } from 'zustand/shallow';
import { about } from '../../../i18n/format.ts';
import { type Draft, useDraft } from '../../../state/draft/draft.ts';
import { familyFor, sizeFor } from '../../../state/draft/draft-rules.ts';
import { added, paceOfOffer, secondsOf } from '../../../state/forecast.ts';
import { useQueue, useWatchedQueue } from '../../../state/queue.ts';
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
  const families = useStudio((state) => state.families);
  const mode = useDraft((state) => state.mode);
  const picked = useDraft((state) => state.family);
  const family = familyFor(families, { mode, family: picked });
  const lane = useLaneOf(family);
  const cost = useCost(family, lane, count);
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
            ? t(obstacle)
            : lane?.paused_at && t('queue.pausedWaits')}
        {lane?.paused_at && !offline && <Link to="/queue"> {t('queue.title')}</Link>}
        {obstacle === 'composer.noModel' && !offline && !waiting && (
          <Link to="/settings"> {t('composer.noModelCure')}</Link>
        )}
      </p>
    </>
  );
}

/** Time until the last picture is finished, including the work before it. null: not measured. */
function useCost(family: FamilyOffer | null, lane: QueueLane | undefined, count: number): string | null {
  const asked = useDraft(useShallow((draft) => family && sizeAndSteps(family, draft)));
  const own = family && secondsOf(count, paceOfOffer(family, toSized(asked)));
  if (!own || !lane) return own && about(own, 'composer.about');
  const all = added(own, lane.free_within);
  return all && about(all, 'composer.about');
}

/** Flat, so that it can be compared. */
function sizeAndSteps(family: FamilyOffer, draft: Draft) {
  const steps = draft.params[family.id]?.steps;
  const size = draft.mode === 'edit' ? null : sizeFor(family, draft);
  return { ...size, steps: typeof steps === 'number' ? steps : undefined };
}

const toSized = (asked: { width?: number; height?: number; steps?: number | undefined } | null) =>
  asked?.width && asked.height
    ? { width: asked.width, height: asked.height, params: { steps: asked.steps } }
    : undefined;

/** The lane for tasks of this model; reloaded while it has tasks. */
function useLaneOf(family: FamilyOffer | null): QueueLane | undefined {
  const engine = family?.engines.find(({ available }) => available);
  const lane = useQueue(({ lanes }) => lanes.find(({ id }) => id === engine?.lane));
  useWatchedQueue(lane !== undefined && lane.running.length + lane.waiting.length > 0);
  return lane;
}
