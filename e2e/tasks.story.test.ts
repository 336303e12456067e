import { expect, test } from 'vitest';
import { eventually, type Studio, story } from './studio.ts';

const WIDE = { viewport: { width: 1440, height: 900 } };

/** Enough work to be looked at while it is done. */
const batch = (studio: Studio, prompt: string, count: number, sidePx?: number) =>
  studio.api.call('generate', {
    body: { prompt, batch_size: count, style_id: 1, width: sidePx, height: sidePx },
  });

story('Tasks under way', (studio) => {
  test('show a tile for each picture at once, in its final size', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('region', { name: 'Results' }).waitFor();
    const task = await batch(studio, 'a purple castle', 6);
    const article = page.getByRole('article').filter({ hasText: 'a purple castle' });
    await article.waitFor();
    const tiles = article.getByRole('group');
    await eventually(() => tiles.count()).toBe(6);
    const box = async () => (await tiles.nth(5).boundingBox()) ?? { width: 0, height: 0 };
    const before = await box();
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBeGreaterThan(0);
    await studio.ended(task.id);
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBe(6);
    const after = await box();
    expect([after.width, after.height]).toEqual([before.width, before.height]);
  });

  test('one of two is cancelled and the other goes on', async () => {
    const page = await studio.open('/', WIDE);
    const first = await batch(studio, 'a yellow crown', 5);
    // On a quick machine sixteen small pictures are done before their button can be clicked.
    const second = await batch(studio, 'a blue crown', 32, 1024);
    await page
      .getByRole('article')
      .filter({ hasText: 'a blue crown' })
      .getByRole('button', { name: 'Cancel all' })
      .click();
    const cancelled = await studio.ended(second.id);
    expect(cancelled.status).toBe('cancelled');
    expect((await studio.ended(first.id)).status).toBe('completed');
    const article = page.getByRole('article').filter({ hasText: 'a yellow crown' });
    await eventually(() => article.getByRole('group', { name: /Finished/ }).count()).toBe(5);
  });

  test('a cancelled picture is painted after all', async () => {
    const page = await studio.open('/', WIDE);
    const task = await batch(studio, 'a silver ring', 32);
    const article = page.getByRole('article').filter({ hasText: 'a silver ring' });
    const last = article.getByRole('group', { name: /^Picture 32/ });
    await last.hover();
    await last.getByRole('button', { name: 'Cancel picture 32' }).click();
    await last.getByText('Cancelled').waitFor();
    // The others need not be waited for; on a quick machine they are done already.
    await studio.api.call('cancelTask', { params: { id: task.id } }).catch(() => undefined);
    await studio.ended(task.id);
    await last.getByRole('button', { name: 'Paint it' }).click();
    await article.getByRole('group', { name: 'Picture 32, Finished' }).waitFor();
  });

  test('are found again by a reload and by a second window, in mid-batch', async () => {
    const page = await studio.open('/', WIDE);
    const task = await batch(studio, 'a red mushroom', 8);
    const finished = () =>
      page
        .getByRole('article')
        .filter({ hasText: 'a red mushroom' })
        .getByRole('group', { name: /Finished/ })
        .count();
    await eventually(finished).toBeGreaterThan(0);
    await page.reload();
    await eventually(finished).toBeGreaterThan(0);
    const other = await studio.open('/history', WIDE);
    await other.getByRole('button', { name: /a red mushroom, (Painting|Finished)/ }).waitFor();
    await studio.ended(task.id);
    await eventually(finished).toBe(8);
    await other.getByRole('button', { name: /a red mushroom, Finished/ }).waitFor();
  });

  test('a preview that is asked for just after its picture has ended leaves no error in the console', async () => {
    const page = await studio.open('/', WIDE);
    const { id } = await batch(studio, 'a blue mushroom', 1);
    await studio.ended(id);
    const errors: string[] = [];
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const asked = page.waitForResponse(/\/preview/);
    await page.evaluate(
      (url) =>
        new Promise((resolve) => {
          const image = Object.assign(new Image(), { src: url, onload: resolve, onerror: resolve });
          document.body.append(image);
        }),
      `/api/tasks/${id}/frames/0/preview?v=1`,
    );
    expect((await asked).status()).toBe(204);
    expect(errors).toEqual([]);
  });

  test('a failure says why, and what to do', async () => {
    const page = await studio.open('/', WIDE);
    await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('qwxzv');
    await page.getByRole('button', { name: /Generate/ }).click();
    await page
      .getByText(/The built-in library has none of these words/)
      .first()
      .waitFor();
  });

  test('a deleted task comes back when that is undone', async () => {
    const task = await batch(studio, 'a small key', 1);
    await studio.ended(task.id);
    const page = await studio.open(`/history?task=${task.id}`, WIDE);
    await page.getByRole('button', { name: 'Delete task' }).first().click();
    const tile = page.getByRole('button', { name: `Open task ${task.id}: a small key, Finished` });
    await eventually(() => tile.count()).toBe(0);
    await page.getByRole('button', { name: 'Undo' }).click();
    await tile.waitFor();
  });

  test('lose one picture from its menu, and one from the drawer', async () => {
    const task = await batch(studio, 'a wooden ladder', 3);
    await studio.ended(task.id);
    const page = await studio.open('/', WIDE);
    const article = page.getByRole('article').filter({ hasText: 'a wooden ladder' });
    const first = article.getByRole('group', { name: 'Picture 1, Finished' });
    await first.hover();
    await first.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('menuitem', { name: 'Delete picture' }).click();
    await eventually(() => article.getByRole('group').count()).toBe(2);
    await article.getByText(/^2 pictures in/).waitFor();
    await page.goto(`${studio.url}/history?task=${task.id}`);
    const left = async () => (await studio.api.call('getTask', { params: { id: task.id } })).output_paths;
    await eventually(left).toHaveLength(2);

    const drawer = page.getByRole('region', { name: `Task ${task.id}` });
    await drawer.getByText('1 / 2').waitFor();
    await drawer.getByRole('button', { name: 'Delete picture' }).click();
    await drawer.getByRole('group', { name: 'Picture 3, Finished' }).waitFor();
    expect(await drawer.getByRole('button', { name: 'Delete picture' }).count()).toBe(0);
    await eventually(left).toEqual([`/outputs/${task.id}_2.png`]);
  });
});
