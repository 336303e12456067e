/** Where another drawing is placed on a thing: a sign on a potion, a stone in a hilt. In fractions of the icon's square. */
import type { Icon } from './library.ts';

export interface Seat {
  x: number;
  y: number;
  /** Side of that drawing, as a fraction of the square. */
  size: number;
}

type Attached = 'emblem' | 'inset';

/** Only for things where it is not the middle: the bow of a key, the guard of a sword, the head of a staff. */
const SEATS: Record<string, [x: number, y: number, size: number]> = {
  'glossy:key': [0.66, 0.32, 0.42],
  'flat:key': [0.66, 0.32, 0.42],
  'noto:key': [0.27, 0.3, 0.42],
  'glossy:old-key': [0.68, 0.32, 0.44],
  'flat:old-key': [0.68, 0.32, 0.44],
  'game:key': [0.5, 0.72, 0.46],
  'game:skeleton-key': [0.28, 0.28, 0.46],
  'game:broadsword': [0.27, 0.73, 0.17],
  'game:two-handed-sword': [0.24, 0.24, 0.15],
  'game:piercing-sword': [0.2, 0.2, 0.19],
  'game:gladius': [0.24, 0.76, 0.15],
  'game:relic-blade': [0.24, 0.76, 0.16],
  'game:rune-sword': [0.3, 0.7, 0.2],
  'game:winged-sword': [0.5, 0.5, 0.17],
  'game:wizard-staff': [0.64, 0.33, 0.32],
  'game:crescent-staff': [0.63, 0.6, 0.26],
  'game:lunar-wand': [0.7, 0.3, 0.24],
  'game:orb-wand': [0.66, 0.3, 0.3],
  'game:round-potion': [0.45, 0.62, 0.36],
  'game:standing-potion': [0.5, 0.64, 0.36],
  'game:magic-potion': [0.5, 0.62, 0.36],
};

const SIZES: Record<Attached, number> = { emblem: 0.5, inset: 0.26 };

export function seatOf({ set, name, box }: Icon, how: Attached): Seat {
  const known = SEATS[`${set.id}:${name}`];
  if (known !== undefined) return { x: known[0], y: known[1], size: known[2] };
  const [width, height] = [box.right - box.left, box.bottom - box.top];
  return {
    x: (box.left + box.right) / 2,
    y: (box.top + box.bottom) / 2,
    size: Math.min(width, height) * SIZES[how],
  };
}
