import { StudioError } from '@limner/contract';

/** The same refusal with the field's name. Faults of the server name no field. */
export function inField(error: unknown, field: string): unknown {
  if (!(error instanceof StudioError) || (error.status >= 500 && error.field === undefined)) return error;
  return error.inField(field);
}
