/** The arrangements of this page, by picture: closing the viewer or turning to another picture loses none. */
import {
  type ArrangedLayer,
  type Frame,
  type LayerFormat,
  layersOf,
  type Output,
  type Task,
} from '@limner/contract';
import { create } from 'zustand';
import { api } from '../../api/api.ts';
import { BASE } from '../../api/base.ts';
import { spokenLanguage } from '../../i18n/i18n.ts';
import { fittedTo, isAsPainted, paintedArrangement } from './arrangement.ts';

export interface ShownLayers {
  /** The lowest first. */
  arranged: readonly ArrangedLayer[];
  /** The place of the layer that is moved and changed; null: none. */
  selected: number | null;
  /** The place of the only layer that is shown; null: all visible ones. It changes no arrangement. */
  alone: number | null;
}

const useArrangements = create<{ pictures: Record<string, ShownLayers> }>(() => ({ pictures: {} }));

const keyOf = (task: Pick<Task, 'id'>, frame: Pick<Frame, 'index'>) => `${task.id}_${frame.index}`;

export interface LayersOfPicture extends ShownLayers {
  /** As they were painted, the lowest first. */
  layers: readonly Output[];
  isAsPainted: boolean;
  change: (change: Partial<ShownLayers>) => void;
  arrange: (make: (arranged: readonly ArrangedLayer[]) => ArrangedLayer[]) => void;
  reset: () => void;
}

export function useLayers(task: Pick<Task, 'id'>, frame: Frame): LayersOfPicture {
  const key = keyOf(task, frame);
  const kept = useArrangements(({ pictures }) => pictures[key]);
  const layers = layersOf(frame.outputs);
  const shown = fitted(kept, layers);
  const change = (next: Partial<ShownLayers>) =>
    useArrangements.setState(({ pictures }) => ({
      pictures: { ...pictures, [key]: { ...fitted(pictures[key], layers), ...next } },
    }));
  return {
    ...shown,
    layers,
    isAsPainted: isAsPainted(shown.arranged, layers),
    change,
    arrange: (make) =>
      change({ arranged: make(fitted(useArrangements.getState().pictures[key], layers).arranged) }),
    reset: () => change({ arranged: paintedArrangement(layers), alone: null }),
  };
}

function fitted(kept: ShownLayers | undefined, layers: readonly Output[]): ShownLayers {
  if (!kept) return { arranged: paintedArrangement(layers), selected: null, alone: null };
  const isHere = (place: number | null) => layers.some((layer) => layer.place === place);
  return {
    arranged: fittedTo(kept.arranged, layers),
    selected: isHere(kept.selected) ? kept.selected : null,
    alone: isHere(kept.alone) ? kept.alone : null,
  };
}

/** The address of the layers as they are arranged. */
export function exportUrl(
  picture: Output,
  format: LayerFormat,
  { arranged, isAsPainted }: LayersOfPicture,
): string {
  const query = new URLSearchParams({
    lang: spokenLanguage(),
    ...(isAsPainted ? {} : { arrangement: JSON.stringify(arranged) }),
  });
  return `${BASE}/api/outputs/${picture.id}/layers/${format}?${query}`;
}

/** Keeps the picture as arranged, drawn by the server. */
export const keepArranged = (picture: Output, { arranged }: LayersOfPicture) =>
  api.call('arrangeLayers', { params: { id: picture.id }, body: { layers: [...arranged] } });
