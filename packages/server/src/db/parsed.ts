import { parsedOrNull } from '../parsed-or-null.ts';

/** JSON of a column. null: there is none, or it cannot be read, so that one row does not make a list of rows fail. */
export function parsed<T>(json: string | null): T | null {
  return json === null ? null : (parsedOrNull(json) as T | null);
}
