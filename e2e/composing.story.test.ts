import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 }, locale: 'zh-CN' };
const KEYS = ['Enter', 'Escape', 'ArrowDown', 'Backspace', '/', '?', 'd', '1', ' '];

/** As Chromium sends keys that an input method takes; Safari sends the last one with the code 229 only. */
async function composeIn(field: Locator): Promise<void> {
  await field.focus();
  await field.evaluate((element, keys) => {
    for (const key of keys)
      for (const how of [{ isComposing: true }, { keyCode: 229 }])
        for (const type of ['keydown', 'keyup'])
          element.dispatchEvent(new KeyboardEvent(type, { key, bubbles: true, cancelable: true, ...how }));
  }, KEYS);
}

const stateOf = (page: Page) =>
  page.evaluate(() => ({
    address: location.href,
    dialogs: document.querySelectorAll('[role="dialog"]').length,
    fields: document.querySelectorAll('input, textarea').length,
    focused: document.activeElement?.outerHTML.slice(0, 120),
    pressed: [...document.querySelectorAll('[aria-pressed="true"]')].map((element) => element.textContent),
    notices: document.querySelectorAll('[role="status"] li, [role="alert"]').length,
  }));

story('While an input method composes', (studio) => {
  test.each([
    '/',
    '/history',
    '/training',
    '/cutouts',
    '/settings/engines',
    '/settings/storage',
    '/settings/workflows',
    '/settings/wildcards',
  ])('no key does anything in any field of %s', async (address) => {
    const page = await studio.open(address, WIDE);
    await page.getByRole('main').waitFor();
    await page.waitForLoadState('networkidle');
    let composed = 0;
    const fields = page.locator(
      'input:not([type=file]):not([type=radio]):not([type=checkbox]):enabled, textarea:enabled',
    );
    const hasFields = ['/', '/history', '/settings/storage'].includes(address);
    // A busy machine may still render when the network is silent.
    if (hasFields) await fields.filter({ visible: true }).first().waitFor();
    for (const field of await fields.all()) {
      if (!(await field.isVisible())) continue;
      await field.focus();
      const before = await stateOf(page);
      await composeIn(field);
      expect(await stateOf(page)).toEqual(before);
      composed += 1;
    }
    if (hasFields) expect(composed).toBeGreaterThan(0);
    expect(await studio.api.call('listTasks', { query: {} })).toHaveLength(0);
  });
});

const SOURCE = path.resolve(import.meta.dirname, '..', 'packages', 'web', 'src');
const HANDLER = /addEventListener\(\s*'key|on(KeyDown|KeyUp|KeyPress|PressEnter)(Capture)?=|'keydown',/;

/**
 * Every file that handles keys. A new one must be safe while an input method composes: it listens within the page, or to
 * the window after `guardInputMethods`, which stops such keys before they reach it. A listener that is added when its
 * module loads comes before the guard.
 */
const KNOWN = [
  'api/typing.ts',
  'features/datasets/crop-dialog.tsx',
  'features/datasets/dataset-head.tsx',
  'features/datasets/picture-grid.tsx',
  'features/history/month-grid.tsx',
  'features/history/selection-bar.tsx',
  'features/queue/waiting-row.tsx',
  'features/settings/engine-name.tsx',
  'features/settings/file-names.tsx',
  'features/studio/composer/mask/frame-handles.tsx',
  'features/studio/composer/mask/mask-editor.tsx',
  'features/studio/composer/mask/use-stage.ts',
  'features/studio/composer/negative-prompt.tsx',
  'features/studio/composer/presets.tsx',
  'features/studio/composer/prompt-box.tsx',
  'parts/number/number-input.tsx',
  'parts/task-detail/task-detail.tsx',
  'parts/viewer/layers/layer-stack.tsx',
  'parts/viewer/use-viewer-keys.ts',
  'shell/input-methods.ts',
  'shell/use-shortcuts.ts',
  'ui/compare-slider.tsx',
];

test('all files that handle keys are known', async () => {
  const found: string[] = [];
  for (const file of await readdir(SOURCE, { recursive: true })) {
    if (!/\.tsx?$/.test(file) || file.includes('.test.')) continue;
    if (HANDLER.test(await readFile(path.join(SOURCE, file), 'utf8'))) found.push(file.replaceAll('\\', '/'));
  }
  expect(found.sort()).toEqual(KNOWN);
});

test('the guard is the first statement of the page', async () => {
  const main = await readFile(path.join(SOURCE, 'main.tsx'), 'utf8');
  const statements = main.split('\n').filter((line) => line !== '' && !/^import |^ |^}/.test(line));
  expect(statements[0]).toBe('guardInputMethods(window);');
});
