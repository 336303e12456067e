/** Steps whose LoRA the training of a style keeps, in rising order. Empty until they are read, and without such a training. */
import { useEffect, useState } from 'react';
import { api } from '../../api/api.ts';

export function useSteps(style: number | null): number[] {
  const [read, setRead] = useState<{ style: number | null; steps: number[] }>({ style: null, steps: [] });
  useEffect(() => {
    let isWanted = style !== null;
    if (style !== null)
      api.call('listTraining', { query: { style, limit: 1 } }).then(
        ([run]) => isWanted && setRead({ style, steps: run?.checkpoints.map(({ step }) => step) ?? [] }),
        // A lab of strengths works without them.
        () => undefined,
      );
    return () => {
      isWanted = false;
    };
  }, [style]);
  return read.style === style ? read.steps : NONE;
}
const NONE: number[] = [];
