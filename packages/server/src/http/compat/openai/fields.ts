/**
 * Fields as clients send them, in JSON or as the texts of a form, so numbers and switches may be texts. null and an empty
 * text count as not sent.
 */
import { z } from 'zod';

const sent = (value: unknown): unknown => (value === '' || value === null ? undefined : value);

export const optional = <S extends z.ZodType>(schema: S) => z.preprocess(sent, schema.optional());

export const optionalNumber = <S extends z.ZodType>(schema: S) =>
  z.preprocess(
    (value) =>
      typeof value === 'string' && /^\s*-?\d+(\.\d+)?\s*$/.test(value) ? Number(value) : sent(value),
    schema.optional(),
  );

const SWITCHES: Record<string, boolean> = { true: true, false: false };

export const optionalSwitch = z.preprocess(
  (value) => (typeof value === 'string' ? (SWITCHES[value.toLowerCase()] ?? sent(value)) : sent(value)),
  z.boolean().optional(),
);

/** A list, or its JSON. */
export const optionalList = <S extends z.ZodType>(schema: S) =>
  z.preprocess((value) => (typeof value === 'string' ? parsed(value) : sent(value)), schema.optional());

function parsed(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
