import { describe, expect, it } from 'vitest';
import type { Layout } from './config.ts';
import { configReport } from './config-report.ts';

const layout: Layout = {
  version: '1',
  webDir: null,
  modelsDir: 'models',
  embeddedEntry: 'child.js',
  fileThreadEntry: 'thread.js',
  pictureEntry: 'picture.js',
  keeperEntry: 'keeper.js',
};
const report = (environ: Record<string, string>) => configReport(layout, environ);
const variable = (environ: Record<string, string>, name: string) =>
  report(environ).variables.find((each) => each.name === name);

describe('the report of the configuration', () => {
  it('says where each value comes from, and its default', () => {
    const environ = { PORT: '9001', LOG_LEVEL: 'debug', LIMNER_FROM_ENV_FILE: 'LOG_LEVEL', HOST: '' };
    expect(variable(environ, 'PORT')).toEqual({
      name: 'PORT',
      value: '9001',
      default: '9000',
      source: 'environment',
      problem: null,
    });
    expect(variable(environ, 'LOG_LEVEL')).toMatchObject({
      value: 'debug',
      source: 'env_file',
      default: 'info',
    });
    expect(variable(environ, 'HOST')).toMatchObject({ value: '127.0.0.1', source: 'default' });
    expect(variable(environ, 'MAX_CONCURRENT_TASKS')).toMatchObject({ value: null, default: null });
    expect(variable(environ, 'CORS_ORIGINS')).toMatchObject({ value: null, default: null });
  });

  it('resolves the data folder, and the database in it', () => {
    const environ = { LIMNER_DATA_DIR: '/srv/limner' };
    expect(variable(environ, 'LIMNER_DATA_DIR')).toMatchObject({ value: '/srv/limner', default: './data' });
    expect(variable(environ, 'DATABASE_URL')).toMatchObject({ value: 'sqlite:/srv/limner/limner.db' });
  });

  it('hides passwords and tokens', () => {
    const environ = {
      DATABASE_URL: 'postgres://limner:geheim@db:5432/limner',
      REDIS_URL: 'redis://:geheim@cache:6379',
      COMFYUI_URL: 'http://me:geheim@a:8188,http://b:8188/?token=geheim',
      S3_SECRET_ACCESS_KEY: 'geheim',
      S3_ACCESS_KEY_ID: 'geheim',
      CAPTION_KEY: 'geheim',
    };
    const text = JSON.stringify(report(environ));
    expect(text).not.toContain('geheim');
    expect(variable(environ, 'COMFYUI_URL')?.value).toBe('http://…@a:8188,http://b:8188/?token=…');
  });

  it('has each mistake at its variable, and those of several together', () => {
    expect(variable({ PORT: 'abc' }, 'PORT')?.problem).toEqual({ en: 'must be a number', zh: '必须是数字' });
    expect(report({ PORT: 'abc' }).problems).toEqual([]);
    expect(report({ HOST: '0.0.0.0' }).problems[0]?.en).toContain('PUBLIC_WITHOUT_ACCOUNTS');
    expect(report({}).problems).toEqual([]);
  });

  it('names what .env has and Limner does not', () => {
    expect(report({ LIMNER_FROM_ENV_FILE: 'PORT,COMFY_URL' }).unknown).toEqual(['COMFY_URL']);
  });
});
