/** How long the form's pictures take. */
import {
  type FamilyOffer,
  type FilledAxes,
  type QueueLane,
  type SecondsRange,
  videoLength,
} from '@limner/contract';
import { useMemo } from 'react';
import { useShallow } from 'zustand/shallow';
import { about } from '../../../i18n/format.ts';
import { type Draft, type ParamValues, useDraft } from '../../../state/draft/draft.ts';
import { sizeFor } from '../../../state/draft/draft-rules.ts';
import { added, paceOfOffer, secondsOf, secondsOfCells } from '../../../state/forecast.ts';
import { useQueue, useWatchedQueue } from '../../../state/queue.ts';
import { useStudio } from '../../../state/studio.ts';

/** Time until the last picture is finished, including the work before it. null: not measured. */
export function useCost(
  family: FamilyOffer | null,
  lane: QueueLane | undefined,
  count: number,
): string | null {
  const asked = useDraft(useShallow((draft) => family && askedOf(family, draft)));
  return inLane(family && secondsOf(count, paceOfOffer(family, toSized(asked))), lane);
}

/** The same for the pictures of a grid over the form. Null also without axes. */
export function useGridCost(
  family: FamilyOffer,
  lane: QueueLane | undefined,
  axes: FilledAxes,
): string | null {
  const asked = useDraft(useShallow((draft) => askedOf(family, draft)));
  const families = useStudio((state) => state.families);
  const own = useMemo(() => {
    const { width = null, height = null, params } = asked;
    const others = families.filter(({ id }) => id !== family.id);
    return secondsOfCells([family, ...others], { width, height, params, family: family.id }, axes);
  }, [asked, families, family, axes]);
  return inLane(own, lane);
}

/** With the work that the lane has before it. */
function inLane(own: SecondsRange | null, lane: QueueLane | undefined): string | null {
  if (!own || !lane) return own && about(own, 'composer.about');
  const all = added(own, lane.free_within);
  return all && about(all, 'composer.about');
}

const NO_PARAMS = {};

/** Flat, so that it can be compared. */
function askedOf(family: FamilyOffer, draft: Draft) {
  const size = draft.mode === 'edit' ? null : sizeFor(family, draft);
  const frames =
    draft.mode === 'video' && family.video
      ? videoLength(family.video, { ...draft.video, frames: null }).frames
      : null;
  return { ...size, frames, params: draft.params[family.id] ?? NO_PARAMS };
}

const toSized = (
  asked: { width?: number; height?: number; frames: number | null; params: ParamValues } | null,
) =>
  asked?.width && asked.height
    ? {
        width: asked.width,
        height: asked.height,
        params: asked.params,
        video: { frames: asked.frames },
      }
    : undefined;

/** The lane for tasks of this model; reloaded while it has tasks. */
export function useLaneOf(family: FamilyOffer | null): QueueLane | undefined {
  const engine = family?.engines.find(({ available }) => available);
  const lane = useQueue(({ lanes }) => lanes.find(({ id }) => id === engine?.lane));
  useWatchedQueue(lane !== undefined && lane.running.length + lane.waiting.length > 0);
  return lane;
}
