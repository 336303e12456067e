/** Screenshots of every page: desktop and phone, both languages, both themes. */
import path from 'node:path';
import { createClient, isFinal } from '@limner/contract';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { LAUNCH } from './browser.ts';

interface Setup {
  name: string;
  options: BrowserContextOptions;
}

const DESKTOP = { viewport: { width: 1440, height: 900 } };
const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true };

const SETUPS: Setup[] = [
  { name: 'desktop-dark-en', options: { ...DESKTOP, colorScheme: 'dark', locale: 'en-GB' } },
  { name: 'desktop-light-zh', options: { ...DESKTOP, colorScheme: 'light', locale: 'zh-CN' } },
  { name: 'phone-dark-en', options: { ...PHONE, colorScheme: 'dark', locale: 'en-GB' } },
  { name: 'phone-light-zh', options: { ...PHONE, colorScheme: 'light', locale: 'zh-CN' } },
];

/** The first is cut out of its ground; the last is the one on top. */
const PROMPTS = [
  'a unicorn',
  'a green crystal on a purple background',
  'a silver shield and two swords',
  'a blue potion',
  '金色的王冠',
  'a red dragon',
];

/** Called by `npm run shots` with a running studio whose data folder may be filled. */
export async function run({
  url,
  chromium: browserPath,
  folder,
}: {
  url: string;
  chromium: string;
  folder: string;
}) {
  const browser = await chromium.launch({ ...LAUNCH, executablePath: browserPath });
  try {
    await shots(url, folder, browser);
  } finally {
    await browser.close();
  }
}

async function shots(baseUrl: string, outDir: string, browser: Browser): Promise<void> {
  const dragon = await fill(baseUrl, browser);
  for (const { name, options } of SETUPS) {
    const context = await browser.newContext(options);
    const page = await context.newPage();
    const take = (title: string) => page.screenshot({ path: path.join(outDir, `${title}-${name}.png`) });
    for (const [title, address] of pagesOf(dragon)) {
      await page.goto(baseUrl + address);
      await settled(page);
      await take(title);
    }
    await page.goto(baseUrl);
    await page.locator('[data-opens-picture]').first().click();
    await page.getByRole('dialog').getByRole('img').first().waitFor();
    await page.waitForTimeout(600);
    await take('viewer');
    await context.close();
  }
  await live(baseUrl, outDir, browser);
}

const pagesOf = (task: number): [title: string, address: string][] => [
  ['studio', '/'],
  ['history', '/history'],
  ['history-list', '/history?view=list'],
  ['task', `/history?task=${task}`],
  ['remove-bg', '/remove-bg'],
  ['training', '/training/new'],
  ['engines', '/settings/engines'],
  ['models', '/settings/models'],
  ['storage', '/settings/storage'],
  ['about', '/settings/about'],
];

/** A batch in the middle of being painted. */
async function live(baseUrl: string, outDir: string, browser: Browser): Promise<void> {
  const context = await browser.newContext({ ...DESKTOP, colorScheme: 'light', locale: 'zh-CN' });
  const page = await context.newPage();
  await page.goto(baseUrl);
  await settled(page);
  const api = createClient({ baseUrl });
  const body = { prompt: '玻璃药水瓶', batch_size: 12, style_id: 1, width: 768, height: 768 };
  await api.call('generate', { body });
  await page.locator('article').first().locator('[data-status="completed"]').nth(1).waitFor();
  await page.screenshot({ path: path.join(outDir, 'studio-live-light-zh.png') });
  await context.close();
}

/** Pictures, a style and a cut-out to show. Returns the task that is shown in detail. */
async function fill(baseUrl: string, browser: Browser): Promise<number> {
  const api = createClient({ baseUrl });
  const styles = await api.call('listStyles', {});
  if (styles.length === 1) {
    await api.call('createStyle', { body: { name: 'Ember inventory', type: 'ui', trigger_words: 'golden' } });
  }
  const made: number[] = [];
  const paint = async (prompt: string) => {
    const { id } = await api.call('generate', { body: { prompt, batch_size: 4, style_id: 1, seed: 12 } });
    made.push(id);
    return id;
  };
  const source = await paint(PROMPTS[0] ?? '');
  await ended(api, source);
  const file = await onPlainGround(`${baseUrl}/outputs/${source}_0.png`, browser);
  const upload = await api.call('upload', { file, fileName: 'unicorn.png' });
  made.push((await api.call('removeBg', { body: { input_image: upload.id } })).id);
  for (const prompt of PROMPTS.slice(1)) await paint(prompt);
  for (const id of made) await ended(api, id);
  return made.at(-1) ?? 1;
}

/** The picture on a cream ground, like a photo or a picture of another tool. */
async function onPlainGround(url: string, browser: Browser): Promise<Blob> {
  const page = await browser.newPage();
  await page.goto(url);
  const drawn = await page.evaluate(() => {
    const picture = document.images[0] as HTMLImageElement;
    const canvas = Object.assign(document.createElement('canvas'), { width: 512, height: 512 });
    const pen = canvas.getContext('2d') as CanvasRenderingContext2D;
    pen.fillStyle = '#ece8e0';
    pen.fillRect(0, 0, 512, 512);
    pen.drawImage(picture, 0, 0, 512, 512);
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  });
  await page.close();
  return new Blob([Buffer.from(drawn, 'base64')]);
}

async function ended(api: ReturnType<typeof createClient>, id: number): Promise<void> {
  while (!isFinal((await api.call('getTask', { params: { id } })).status)) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Waits until every picture in view has been drawn. */
async function settled(page: Page): Promise<void> {
  await page.getByRole('main').waitFor();
  await page.waitForLoadState('networkidle');
  await page.waitForFunction(() =>
    [...document.images].every((image) => image.complete || image.getBoundingClientRect().top > innerHeight),
  );
  await page.waitForTimeout(400);
}
