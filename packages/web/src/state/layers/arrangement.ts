/** How the layers of a picture are arranged, and what changes an arrangement. Pure. */
import type { ArrangedLayer, Output } from '@limner/contract';

/** Where a layer may be moved to: as far as the server takes it. */
export const FARTHEST_PX = 8192;

const asPainted = ({ place }: Pick<Output, 'place'>): ArrangedLayer => ({
  place,
  visible: true,
  opacity: 1,
  left: 0,
  top: 0,
});

export const paintedArrangement = (layers: readonly Pick<Output, 'place'>[]): ArrangedLayer[] =>
  layers.map(asPainted);

/** Without layers that were deleted since, and with those that came back, on top. */
export function fittedTo(
  arranged: readonly ArrangedLayer[],
  layers: readonly Pick<Output, 'place'>[],
): ArrangedLayer[] {
  const isHere = (place: number) => layers.some((layer) => layer.place === place);
  const isKnown = (place: number) => arranged.some((layer) => layer.place === place);
  return [
    ...arranged.filter(({ place }) => isHere(place)),
    ...layers.filter(({ place }) => !isKnown(place)).map(asPainted),
  ];
}

export const changed = (
  arranged: readonly ArrangedLayer[],
  place: number,
  change: Partial<Omit<ArrangedLayer, 'place'>>,
): ArrangedLayer[] => arranged.map((layer) => (layer.place === place ? { ...layer, ...change } : layer));

const within = (px: number): number => Math.min(FARTHEST_PX, Math.max(-FARTHEST_PX, Math.round(px)));

export const movedTo = (arranged: readonly ArrangedLayer[], place: number, left: number, top: number) =>
  changed(arranged, place, { left: within(left), top: within(top) });

/** To an index counted from the lowest. */
export function reordered(arranged: readonly ArrangedLayer[], place: number, to: number): ArrangedLayer[] {
  const layer = arranged.find((each) => each.place === place);
  if (!layer) return [...arranged];
  const others = arranged.filter((each) => each !== layer);
  const at = Math.min(others.length, Math.max(0, to));
  return [...others.slice(0, at), layer, ...others.slice(at)];
}

export const isAsPainted = (
  arranged: readonly ArrangedLayer[],
  layers: readonly Pick<Output, 'place'>[],
): boolean => JSON.stringify(arranged) === JSON.stringify(paintedArrangement(layers));
