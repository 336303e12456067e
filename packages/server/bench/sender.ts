/**
 * A client in a process of its own, so that a bench of the server does not count the work of asking. Told once on its
 * standard input what to send; prints when it began (ms since 1970) and the milliseconds each answer took.
 */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { timedAll } from './measure.ts';

export interface Errand {
  url: string;
  body: unknown;
  count: number;
  /** Requests under way at once. */
  width: number;
}

export interface Account {
  sinceMs: number;
  timesMs: number[];
}

const { url, body, count, width } = JSON.parse(await text(process.stdin)) as Errand;
const agent = new Agent({ keepAlive: true, maxSockets: width });
const bytes = Buffer.from(JSON.stringify(body));
const headers = { 'content-type': 'application/json', 'content-length': bytes.length };

const send = () =>
  new Promise<void>((resolve, reject) => {
    const asked = request(url, { method: 'POST', agent, headers }, (answer) => {
      if (answer.statusCode !== 201) reject(new Error(`answered ${answer.statusCode}`));
      answer.resume().once('end', resolve);
    });
    asked.once('error', reject).end(bytes);
  });

const account: Account = { sinceMs: Date.now(), timesMs: await timedAll(count, width, send) };
process.stdout.write(JSON.stringify(account));
agent.destroy();
