import { describe, expect, it } from 'vitest';
import { type Environ, type Layout, readConfig } from './config.ts';
import { startProblem } from './start-problem.ts';

const layout: Layout = {
  version: '1',
  webDir: null,
  modelsDir: 'models',
  embeddedEntry: 'child.js',
  fileThreadEntry: 'thread.js',
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
      maxConcurrentTasks: 3,
      cleanupDays: 7,
      maxFileSizeBytes: 10 * 1024 ** 2,
    });
  });

  it('takes an empty variable as an absent one', () => {
    expect(read({ PORT: '', COMFYUI_URL: '' }).port).toBe(9000);
  });

  it('tells all mistakes at once, with what was read', () => {
    expect(() => read({ PORT: '99999', LOG_LEVEL: 'loud', COMFYUI_URL: 'ftp://x' })).toThrow(
      /PORT is "99999".*\nCOMFYUI_URL is "ftp:\/\/x".*\nLOG_LEVEL is "loud"/s,
    );
  });

  it('tells them in Chinese too', () => {
    try {
      read({ PORT: 'abc', COMFYUI_URL: 'ftp://x' });
      expect.unreachable();
    } catch (error) {
      expect(startProblem(error as Error)?.told).toEqual({
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
});
