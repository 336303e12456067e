import { StudioError } from '@limner/contract';

/** The same refusal with the field's name; faults of the server keep theirs. */
export function inField(error: unknown, field: string): unknown {
  if (!(error instanceof StudioError) || error.status >= 500) return error;
  return error.inField(field);
}
