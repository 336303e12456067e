/** A client of A1111's API, which knows no types. */
import { tinyPng } from '../scripted-engine.ts';

export const base64 = tinyPng.toString('base64');

export interface Painted {
  images: string[];
  parameters: Record<string, unknown>;
  info: string;
}

export interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a stranger's client knows no types
  body: any;
}

/** @param path below /sdapi/v1 unless it begins with a slash */
export async function ask(
  base: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<Answered> {
  const answer = await fetch(`${base}${path.startsWith('/') ? path : `/sdapi/v1/${path}`}`, {
    method,
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: await answer.json() };
}
