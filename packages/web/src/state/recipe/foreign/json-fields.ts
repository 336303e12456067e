/** Fields of JSON that another program wrote, where any may be missing or of another type. */

export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** null for a text that is no JSON object. */
export function fieldsIn(text: string | undefined): Fields | null {
  try {
    const value = parseExact(text ?? '');
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}

/** Begins as a JSON object and is none: it was cut or changed. */
export const isDamaged = (text = ''): boolean => text.trimStart().startsWith('{"') && fieldsIn(text) === null;

/** Numbers that JavaScript would round are kept as text. @throws SyntaxError */
export function parseExact(text: string): unknown {
  try {
    return parsePython(text.replace(/([:[,]\s*)(\d{16,20})(?=\s*[,}\]])/g, '$1"$2"'));
  } catch {
    // Such digits stood in a text.
    return parsePython(text);
  }
}

/** JSON as Python writes it, where NaN is a number. @throws SyntaxError */
export function parsePython(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(/([:[,]\s*)(?:NaN|-?Infinity)(?=\s*[,}\]])/g, '$1null'));
  }
}

export const listIn = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The text of a field, also of a number; empty for anything else. */
export const textIn = (value: unknown): string =>
  typeof value === 'string' ? value.trim() : typeof value === 'number' ? String(value) : '';

/** The name of a model, whose field may be its name or an object with it. */
export const modelNameIn = (value: unknown): string =>
  isFields(value) ? textIn(value.name) || textIn(value.model_name) : textIn(value);

/** Settings that have a value. */
export const settingsOf = (pairs: [name: string, value: unknown][]): Map<string, string> =>
  new Map(pairs.flatMap(([name, value]) => (shown(value) === '' ? [] : [[name, shown(value)]])));

/** Lists in lists are not shown beyond this depth. */
const MAX_DEPTH = 8;

function shown(value: unknown, depth = 0): string {
  if (typeof value === 'boolean') return value ? 'true' : '';
  if (Array.isArray(value) && depth < MAX_DEPTH)
    return value
      .map((each) => shown(each, depth + 1))
      .filter((text) => text !== '')
      .join(', ');
  return textIn(value);
}

/** The size as A1111 writes it. */
export const sizeText = (width: unknown, height: unknown): string =>
  textIn(width) === '' || textIn(height) === '' ? '' : `${textIn(width)}x${textIn(height)}`;
