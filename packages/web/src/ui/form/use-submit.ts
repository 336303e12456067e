/** Sending a form: busy while sending; a refusal is shown at its field, and the form stays. */
import { StudioError } from '@limner/contract';
import { type FormEvent, useState } from 'react';
import { reasonOf } from '../../i18n/problem.ts';

export interface Submit {
  submit: (event: FormEvent) => void;
  busy: boolean;
  problem: unknown;
  /** Clears refusals after a change. */
  forget: () => void;
  /** Refusals by the prefix of their field. */
  at: (field: string) => string | null;
  /** Refusals of other fields. */
  besides: (...fields: string[]) => string | null;
}

/** A sent form closes, so it stays busy until then. */
export function useSubmit(send: () => Promise<unknown>): Submit {
  const [problem, setProblem] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    try {
      await send();
    } catch (error) {
      setProblem(error);
      setBusy(false);
    }
  };
  const isAbout = (field: string) =>
    problem instanceof StudioError && problem.field?.startsWith(field) === true;
  return {
    submit: (event) => void submit(event),
    busy,
    problem,
    forget: () => setProblem(null),
    at: (field) => (isAbout(field) ? reasonOf(problem) : null),
    besides: (...fields) => (problem === null || fields.some(isAbout) ? null : reasonOf(problem)),
  };
}
