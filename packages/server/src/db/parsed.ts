/** JSON of a column. null: there is none, or it cannot be read, so that one row does not make a list of rows fail. */
export function parsed<T>(json: string | null): T | null {
  if (json === null) return null;
  try {
    return JSON.parse(json) as T;
  } catch {
    return null;
  }
}
