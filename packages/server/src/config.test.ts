import { describe, expect, it } from 'vitest';
import { type Environ, type Layout, readConfig } from './config.ts';
import { startProblem } from './start-problem.ts';

const layout: Layout = {
  version: '1',
  webDir: null,
  modelsDir: 'models',
  embeddedEntry: 'child.js',
  fileThreadEntry: 'thread.js',
  pictureEntry: 'picture.js',
  keeperEntry: 'keeper.js',
};
const read = (environ: Environ) => readConfig(layout, environ);

describe('the configuration', () => {
  it('has a default for everything, and binds to this machine alone', () => {
    expect(read({})).toMatchObject({
      host: '127.0.0.1',
      port: 9000,
      publicBind: false,
      comfyUrls: ['http://127.0.0.1:8188'],
      comfyTimeoutMs: 300_000,
      maxConcurrentTasks: null,
      cleanupDays: 0,
      maxFileSizeBytes: 10 * 1024 ** 2,
    });
  });

  it('takes an empty variable as an absent one', () => {
    expect(read({ PORT: '', COMFYUI_URL: '' }).port).toBe(9000);
  });

  it('reports all mistakes at once, with the values that were read', () => {
    expect(() => read({ PORT: '99999', LOG_LEVEL: 'loud', COMFYUI_URL: 'ftp://x' })).toThrow(
      /PORT is "99999".*\nCOMFYUI_URL is "ftp:\/\/x".*\nLOG_LEVEL is "loud"/s,
    );
  });

  it('reports a number beyond every limit once, with the limit of its variable', () => {
    const far = '9'.repeat(30);
    expect(() => read({ PORT: far })).toThrow(new RegExp(`^PORT is "${far}": it must be at most 65535\\.$`));
  });

  it.each([' ', '0x10', '1e3', 'NaN', '1.5', '-1', '１２８'])('does not read %j as a port', (port) => {
    expect(() => read({ PORT: port })).toThrow(/^PORT is/);
  });

  it('reports them in Chinese too', () => {
    try {
      read({ PORT: 'abc', COMFYUI_URL: 'ftp://x' });
      expect.unreachable();
    } catch (error) {
      expect(startProblem(error as Error)?.texts).toEqual({
        en: 'PORT is "abc": it must be a number.\nCOMFYUI_URL is "ftp://x": it must be http:// or https:// addresses separated by commas, or none.',
        zh: 'PORT 为“abc”：必须是数字。\nCOMFYUI_URL 为“ftp://x”：必须是以逗号分隔的 http:// 或 https:// 地址，或 none。',
      });
    }
  });

  it('refuses an address others can reach unless that is said', () => {
    expect(() => read({ HOST: '0.0.0.0' })).toThrow(/PUBLIC_WITHOUT_ACCOUNTS/);
    expect(read({ HOST: '0.0.0.0', PUBLIC_WITHOUT_ACCOUNTS: 'true' }).publicBind).toBe(true);
  });

  it('takes several ComfyUI servers', () => {
    expect(read({ COMFYUI_URL: 'http://a:8188, https://user:pw@b/comfy' }).comfyUrls).toEqual([
      'http://a:8188',
      'https://user:pw@b/comfy',
    ]);
  });

  it('takes every address of this machine alone as such', () => {
    for (const HOST of ['127.0.0.1', '127.0.0.2', 'LOCALHOST', '::1'])
      expect(read({ HOST }).publicBind).toBe(false);
    expect(() => read({ HOST: '0.0.0.0' })).toThrow(/which other machines can reach/);
  });

  it('does not print passwords', () => {
    const message = (environ: Environ) => {
      try {
        read(environ);
      } catch (error) {
        return String(error);
      }
      return '';
    };
    const said = message({ COMFYUI_URL: 'http://u:sekret@h:99999,ftp://h/?token=hidden' });
    expect(said).toContain('COMFYUI_URL is "http://…@h:99999');
    expect(said).not.toMatch(/sekret|hidden/);
    expect(message({ DATABASE_URL: 'mysql://u:sekret@h/db' })).not.toContain('sekret');
  });

  it('takes origins as browsers send them, and refuses what is none', () => {
    const { corsOrigins } = read({ CORS_ORIGINS: 'http://a.example/, HTTP://B.example:80,*' });
    expect(corsOrigins).toEqual(['http://a.example', 'http://b.example', '*']);
    for (const CORS_ORIGINS of ['foo', 'a.example', 'http://a.example/page', 'ftp://a.example'])
      expect(() => read({ CORS_ORIGINS })).toThrow(/CORS_ORIGINS is .* must be origins/);
    expect(() => read({ ALLOWED_HOSTS: 'http://x.example' })).toThrow(
      /ALLOWED_HOSTS is .* must be host names/,
    );
    expect(() => read({ DATABASE_URL: 'sqlite:' })).toThrow(/DATABASE_URL is "sqlite:".*path of a file/);
  });

  it('takes a base path and refuses invalid ones', () => {
    const base = (BASE_PATH: string) => read({ BASE_PATH }).basePath;
    expect([base(''), base('/'), base('/limner'), base('/tools/limner/')]).toEqual([
      '',
      '',
      '/limner',
      '/tools/limner',
    ]);
    for (const BASE_PATH of [
      'limner',
      '//',
      '/a//b',
      '/..',
      '/a b',
      '/a"b',
      'https://x.example/limner',
      '/api',
    ])
      expect(() => read({ BASE_PATH })).toThrow(/BASE_PATH is .*: it must be a path such as \/limner/);
  });

  it('takes a file or a Postgres as database', () => {
    const url = 'postgres://limner:sekret@db:5432/limner?sslmode=require';
    expect(read({ DATABASE_URL: url }).database).toEqual({ dialect: 'postgres', url });
    expect(read({ DATABASE_URL: 'sqlite:///var/x.db' }).database).toEqual({
      dialect: 'sqlite',
      file: '/var/x.db',
    });
    expect(read({ LIMNER_DATA_DIR: '/data' }).database).toEqual({
      dialect: 'sqlite',
      file: '/data/limner.db',
    });
    expect(() => read({ DATABASE_URL: 'postgres://limner:sekret@db' })).toThrow(
      /DATABASE_URL is "postgres:\/\/…@db": it must be .*postgres:/,
    );
  });

  it('reads a bucket, with keys that are given in full or not at all, and shows none of them', () => {
    const environ = {
      BLOBS_URL: 's3://pictures/limner/art',
      S3_ENDPOINT: 'http://minio:9000',
      S3_ACCESS_KEY_ID: 'someone',
      S3_SECRET_ACCESS_KEY: 'sekret',
    };
    const place = {
      bucket: 'pictures',
      prefix: 'limner/art/',
      endpoint: 'http://minio:9000',
      region: 'us-east-1',
      keys: { id: 'someone', secret: 'sekret' },
      forcePathStyle: true,
    };
    expect(read(environ).s3).toEqual(place);
    expect(read({ ...environ, S3_ENDPOINT: 'https://s3.example', AWS_REGION: 'eu-central-1' }).s3).toEqual({
      ...place,
      endpoint: 'https://s3.example',
      region: 'eu-central-1',
      forcePathStyle: false,
    });
    expect(read({ BLOBS_URL: 's3://pictures' }).s3).toMatchObject({ prefix: '', endpoint: null, keys: null });
    expect(read({}).s3).toBeNull();
    for (const BLOBS_URL of ['https://pictures', 's3://', 's3://Pictures', 's3://pictures/../x', 's3://a/b'])
      expect(() => read({ BLOBS_URL }), BLOBS_URL).toThrow(/BLOBS_URL is .*must be s3:\/\/bucket/);
    expect(() => read({ ...environ, S3_ACCESS_KEY_ID: '' })).toThrow(/belong together/);
    expect(() => read({ BLOBS_PUBLIC_URL: 'signed' })).toThrow(/BLOBS_PUBLIC_URL is for files in a bucket/);
    expect(() => read({ ...environ, BLOBS_PUBLIC_URL: 'cdn' })).toThrow(/must be signed, or/);
  });

  it('reads the address of a Redis, which is refused with SQLite, and shows no password', () => {
    const environ = { DATABASE_URL: 'postgres://db/limner', REDIS_URL: 'redis://:sekret@cache:6380/2' };
    expect(read(environ).redisUrl).toBe(environ.REDIS_URL);
    expect(read({}).redisUrl).toBeNull();
    expect(() => read({ REDIS_URL: environ.REDIS_URL })).toThrow(
      /SQLite is for one process.*DATABASE_URL=postgres/,
    );
    for (const url of ['redis://:p@ss#sekret@cache:6379', 'http://:p@ss/sekret@cache'])
      expect(() => read({ ...environ, REDIS_URL: url })).toThrow(
        /REDIS_URL is "\w+:\/\/…@cache(:6379)?": it must be .*percent-encoded/,
      );
    expect(() => read({ ...environ, REDIS_URL: 'http://:sekret@cache' })).toThrow(
      /REDIS_URL is "http:\/\/…@cache": it must be redis:/,
    );
  });
});
