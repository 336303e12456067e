/** The number fields of the frame, while a text in them is none of their range. */
import { OUTPAINT_SIDES, type Outpaint } from '@limner/contract';
import { refuseNumber, useRefusedNumbers } from '../../../../state/draft/refused-numbers.ts';

/** The name of a field, unique on the page. */
export const frameField = (of: keyof Outpaint): string => `outpaint-${of}`;

const FIELDS = [...OUTPAINT_SIDES, 'feather' as const].map(frameField);

export const useFrameRefused = (): boolean =>
  useRefusedNumbers((texts) => FIELDS.some((name) => texts[name] !== undefined));

/** The fields show the numbers that hold. */
export const dropRefusedFrame = (): void => {
  for (const name of FIELDS) refuseNumber(name, null);
};
