/** Explains why a Postgres database cannot be used, with the cure. Never shows the password. */
import type { Bilingual } from '@limner/contract';
import { StartProblem } from '../start-problem.ts';
import { DATABASE_SETTING, type Given } from './given.ts';

/** Parts of the address for the sentences: server, port, database, user. */
interface Address {
  server: string;
  database: string;
  user: string;
}

/** Other errors are returned unchanged. */
export function postgresProblem(error: unknown, url: string, given: Given = DATABASE_SETTING): unknown {
  if (error instanceof StartProblem) return error;
  const cause = (error instanceof Error && error.cause) || error;
  const texts = sentence(cause as { code?: string; message?: string }, addressOf(url), given);
  return texts ? new StartProblem(texts, { cause: error }) : error;
}

export const wrongEncoding = (encoding: string): StartProblem =>
  new StartProblem({
    en: `The database has the encoding ${encoding}. Limner needs UTF8. Create one with: create database limner encoding 'UTF8' template template0`,
    zh: `数据库的字符编码是 ${encoding}，Limner 需要 UTF8。请这样创建：create database limner encoding 'UTF8' template template0`,
  });

function sentence(
  { code = '', message = '' }: { code?: string; message?: string },
  { server, database, user }: Address,
  given: Given,
): Bilingual | null {
  switch (code) {
    case '28P01':
    case '28000':
      return {
        en: `Postgres at ${server} refused the login of "${user}": ${message}. Check user and password in ${given.en}.`,
        zh: `${server} 上的 Postgres 拒绝了用户“${user}”：${message}。请检查 ${given.zh} 中的用户名和密码。`,
      };
    case '3D000':
      return {
        en: `Postgres at ${server} has no database "${database}". Create it (createdb ${database}), or name another database in ${given.en}.`,
        zh: `${server} 上的 Postgres 没有数据库“${database}”。请创建它（createdb ${database}），或在 ${given.zh} 中改用另一个。`,
      };
    case '42501':
      return {
        en: `"${user}" may not create tables in database "${database}": ${message}. Make the user its owner.`,
        zh: `用户“${user}”无权在数据库“${database}”中建表：${message}。请让该用户成为其所有者。`,
      };
    default:
      return isUnreachable(code, message)
        ? {
            en: `Postgres does not answer at ${server} (${code || message}). Start it, or correct ${given.en}.`,
            zh: `${server} 上的 Postgres 没有响应（${code || message}）。请启动它，或更正 ${given.zh}。`,
          }
        : null;
  }
}

const isUnreachable = (code: string, message: string): boolean =>
  /^(E[A-Z_]+|08...|57P0.|53300)$/.test(code) || /timeout|terminated/i.test(message);

/** `host:port` of an address. */
export const postgresServer = (url: string): string => addressOf(url).server;

function addressOf(url: string): Address {
  const { hostname, port, pathname, username, searchParams } = new URL(url);
  const host = searchParams.get('host') ?? hostname;
  return {
    server: port ? `${host}:${port}` : host || 'localhost',
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
  };
}
