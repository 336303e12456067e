/** What a training would take. Asked again after each change of the form. */
import type { Trainer, TrainingEstimate } from '@limner/contract';
import { useEffect, useState } from 'react';
import { api } from '../../api/api.ts';
import { countsOf, paramsFor } from './draft-rules.ts';
import { useTrainingDraft } from './run-draft.ts';

/** After the last change of the form. */
const PAUSE_MS = 400;

/** null: not known yet, or a value of the form is refused. */
export function useEstimate(trainer: Trainer): TrainingEstimate | null {
  const [estimate, setEstimate] = useState<TrainingEstimate | null>(null);
  const draft = useTrainingDraft();
  const pictures = Math.max(trainer.images.min, countsOf(draft).ready);
  const asked = JSON.stringify({ trainer: trainer.id, params: paramsFor(trainer, draft), pictures });
  useEffect(() => {
    const body = JSON.parse(asked);
    let isWanted = true;
    const timer = setTimeout(() => {
      api.call('estimateTraining', { body }).then(
        (found) => isWanted && setEstimate(found),
        // A value that is out of range is refused beside its field.
        () => isWanted && setEstimate(null),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [asked]);
  return estimate?.trainer === trainer.id ? estimate : null;
}
