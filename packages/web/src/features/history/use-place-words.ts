import type { TaskListItem } from '@limner/contract';
import i18next from 'i18next';
import { roughly } from '../../i18n/format.ts';
import { ordinal } from '../../i18n/ordinal.ts';
import { secondsPerFrame } from '../../state/forecast.ts';
import { useQueuePlace } from '../../state/queue.ts';
import { useStudio } from '../../state/studio.ts';

const t = i18next.t.bind(i18next);

/** Where a task stands that waits, or how long it still takes: in words; null for one that has ended. */
export function usePlaceWords(item: TaskListItem | undefined): string | null {
  const place = useQueuePlace(item?.id ?? 0, item?.status === 'queued');
  const perFrame = useStudio((state) => (item ? secondsPerFrame(state.families, item.family) : null));
  if (item?.status === 'running') {
    const left = perFrame === null ? null : perFrame * item.total_frames * (1 - item.progress);
    return left !== null && left > 0.5 ? t('wall.left', { time: roughly(left) }) : t('status.running');
  }
  if (item?.status !== 'queued' || !place) return null;
  const nth = ordinal(place.place);
  return place.seconds !== null && place.seconds > 0.5
    ? t('history.started', { nth, time: roughly(place.seconds) })
    : t('history.place', { nth });
}
