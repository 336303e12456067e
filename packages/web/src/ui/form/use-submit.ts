/** Sending a form: busy meanwhile; what the server refuses is told at the field it is about, and the form stays. */
import { StudioError } from '@limner/contract';
import { type FormEvent, useState } from 'react';
import { reasonOf } from '../../i18n/problem.ts';

export interface Submit {
  submit: (event: FormEvent) => void;
  busy: boolean;
  problem: unknown;
  /** Something was changed: what was refused may be right now. */
  forget: () => void;
  /** What was said against a field, named by the beginning of its name. */
  at: (field: string) => string | null;
  /** What was said against none of these. */
  besides: (...fields: string[]) => string | null;
}

/** A form that was sent goes away, so it stays busy until then. */
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
