/** A client of the documents' APIs: JSON in, JSON out, polling until a task has ended. */
import { tinyPng } from '../scripted-engine.ts';

export interface Answered {
  status: number;
  // biome-ignore lint/suspicious/noExplicitAny: a stranger's client knows no types
  body: any;
}

export async function ask(base: string, method: string, path: string, sent?: unknown): Promise<Answered> {
  const answer = await fetch(base + path, {
    method,
    ...(sent === undefined
      ? {}
      : { body: JSON.stringify(sent), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, body: await answer.json() };
}

/** Polls as the documents' clients do. */
export async function untilEnded(base: string, path: string): Promise<Answered['body']> {
  for (;;) {
    const { body } = await ask(base, 'GET', path);
    if (body.status === 'completed' || body.status === 'failed') return body;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

export const base64 = tinyPng.toString('base64');

export async function mediaTypeAt(address: string): Promise<string | null> {
  return (await fetch(address)).headers.get('content-type');
}
