import type { TaskListItem } from '@limner/contract';
import i18next from 'i18next';
import { about } from '../../i18n/format.ts';
import { ordinal } from '../../i18n/ordinal.ts';
import { paceOf, scaled } from '../../state/forecast.ts';
import { useQueuePlace } from '../../state/queue.ts';
import { useStudio } from '../../state/studio.ts';
import { waitingWords } from '../../ui/status-words.ts';

const t = i18next.t.bind(i18next);

/** The queue place of a waiting task, or the time left of a running one, in words; null for an ended one. */
export function usePlaceWords(item: TaskListItem | undefined): string | null {
  const place = useQueuePlace(item?.id ?? 0, item?.status === 'queued');
  const families = useStudio((state) => state.families);
  const { each, atOnce } = paceOf(families, item?.family ?? '');
  if (item?.status === 'running') {
    const waiting = waitingWords(item, t);
    if (waiting !== null) return waiting;
    const left = scaled(
      each,
      (item.total_frames * (1 - item.progress)) / Math.min(atOnce, item.total_frames),
    );
    return left !== null && left.high > 0.5 ? t('wall.left', { time: about(left) }) : t('status.running');
  }
  if (item?.status !== 'queued' || !place) return null;
  const nth = ordinal(place.place);
  if (place.paused) return t('queue.pausedPlace', { nth });
  return place.seconds !== null && place.seconds.high > 0.5
    ? t('history.started', { nth, time: about(place.seconds) })
    : t('history.place', { nth });
}
