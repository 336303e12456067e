// @vitest-environment happy-dom
import type { Wildcard } from '@limner/contract';
import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { beforeEach, expect, test } from 'vitest';
import AskDialog from '../../../parts/ask/ask-dialog.tsx';
import { useQuestion } from '../../../state/ask.ts';
import { listChanged } from '../../../state/changed-lists.ts';
import { useWildcards } from '../../../state/wildcards.ts';
import { renderPage } from '../../../testing-page.tsx';
import { Refused, serve } from '../../../testing-server.ts';
import { addFiles } from './wildcard-files.ts';
import { Wildcards } from './wildcards.tsx';

const wildcard = (name: string, more: Partial<Wildcard> = {}): Wildcard => ({
  name,
  entries: 3,
  combinations: 3,
  size_bytes: 12,
  modified_at: '2026-01-01T00:00:00.000Z',
  problem: null,
  ...more,
});

/** Files by name, each with the version `of: text`, answered as the server does. */
function serveFiles(files: Map<string, string>) {
  const versionOf = (name: string) => (files.has(name) ? `of: ${files.get(name)}` : null);
  return serve({
    listWildcards: () => [...files.keys()].map((name) => wildcard(name)),
    getWildcard: ({ query: { name = '' } }) => {
      const text = files.get(name);
      if (text === undefined) throw new Refused(404, { code: 'wildcard_not_found', data: { name } });
      return { name, text, version: versionOf(name) };
    },
    putWildcard: ({ body: { name, text, replaces } }) => {
      if (replaces !== versionOf(name))
        throw new Refused(409, { code: 'wildcard_changed', field: 'replaces', data: { name } });
      files.set(name, text);
      return { name, text, version: versionOf(name) };
    },
    renameWildcard: ({ body: { name, to } }) => {
      if (files.has(to))
        throw new Refused(409, { code: 'wildcard_name_taken', field: 'to', data: { name: to } });
      const text = files.get(name) ?? '';
      files.delete(name);
      files.set(to, text);
      return { name: to, text, version: versionOf(to) };
    },
    deleteWildcard: ({ query: { name = '' } }) => files.delete(name) && null,
  });
}

const page = () => (
  <>
    <Wildcards />
    <Asked />
  </>
);
const Asked = () => (useQuestion((state) => state.question) ? <AskDialog /> : null);

beforeEach(() => useWildcards.setState({ wildcards: null, problem: null }));

test('without wildcards an example shows what they do, and is created as it is', async () => {
  const files = new Map<string, string>();
  serveFiles(files);
  await renderPage(page());
  await screen.findByText('a {red|blue} __animal__ in the forest');
  await userEvent.click(screen.getByRole('button', { name: 'Create this wildcard' }));
  const form = within(await screen.findByRole('dialog'));
  await userEvent.click(form.getByRole('button', { name: /Save$/ }));
  await screen.findByText('__animal__');
  expect([...files]).toEqual([['animal', 'fox\nwolf\nowl']]);
});

test('the list says what prompts can draw and what is wrong, and finds by name', async () => {
  const problem = { en: 'The wildcard "b" cannot be used: it has no entries.', zh: '没有任何条目' };
  serve({
    listWildcards: () => [
      wildcard('animals/fox', { entries: 2, combinations: 6 }),
      wildcard('b', { entries: 0, combinations: 0, problem }),
      wildcard('huge', { combinations: null }),
    ],
  });
  await renderPage(page());
  const rows = () => screen.getAllByRole('listitem').map((row) => row.textContent);
  await screen.findByText('__b__');
  expect(rows()[0]).toMatch(/^__animals\/fox__2 entries · 6 texts · 12 B/);
  expect(rows()[1]).toContain('it has no entries');
  expect(rows()[2]).toContain('more texts than can be counted');
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search wildcards' }), 'FOX');
  expect(rows()).toHaveLength(1);
  await userEvent.type(screen.getByRole('searchbox', { name: 'Search wildcards' }), 'x');
  expect(screen.getByRole('status').textContent).toContain('“FOXx”');
});

test('a text that somebody changed meanwhile is shown before it can be replaced', async () => {
  const files = new Map([['animal', 'fox']]);
  const server = serveFiles(files);
  await renderPage(page());
  await userEvent.click(await screen.findByRole('button', { name: /__animal__/ }));
  const form = within(await screen.findByRole('dialog'));
  fireEvent.change(form.getByLabelText('Entries'), { target: { value: 'fox\nmine' } });
  files.set('animal', 'fox\ntheirs');
  await userEvent.click(form.getByRole('button', { name: /Save$/ }));
  expect((await form.findByRole('alert')).textContent).toContain('changed meanwhile');
  expect(form.getByLabelText<HTMLTextAreaElement>('Present text').value).toBe('fox\ntheirs');
  expect([form.getByLabelText<HTMLTextAreaElement>('Entries').value, files.get('animal')]).toEqual([
    'fox\nmine',
    'fox\ntheirs',
  ]);
  await userEvent.click(form.getByRole('button', { name: /Save my text$/ }));
  await waitFor(() => expect(files.get('animal')).toBe('fox\nmine'));
  expect(server.received('putWildcard').map(({ body }) => body.replaces)).toEqual([
    'of: fox',
    'of: fox\ntheirs',
  ]);
});

test('a new one under a taken name replaces nothing unseen', async () => {
  const files = new Map([['animal', 'fox']]);
  serveFiles(files);
  await renderPage(page(), { address: '/?new=animal' });
  const form = within(await screen.findByRole('dialog'));
  expect(form.getByLabelText<HTMLInputElement>('Name').value).toBe('animal');
  fireEvent.change(form.getByLabelText('Entries'), { target: { value: 'cat' } });
  await userEvent.click(form.getByRole('button', { name: /Save$/ }));
  expect((await form.findByRole('alert')).textContent).toContain('There is a wildcard of this name');
  fireEvent.change(form.getByLabelText('Name'), { target: { value: 'pet' } });
  expect(form.queryByLabelText('Present text')).toBeNull();
  await userEvent.click(form.getByRole('button', { name: /Save$/ }));
  await waitFor(() =>
    expect([...files]).toEqual([
      ...new Map([
        ['animal', 'fox'],
        ['pet', 'cat'],
      ]),
    ]),
  );
});

test('one is renamed, with its text, and not to a name that is taken', async () => {
  const files = new Map([
    ['animal', 'fox'],
    ['place', 'forest'],
  ]);
  const server = serveFiles(files);
  await renderPage(page());
  await userEvent.click(await screen.findByRole('button', { name: /__animal__/ }));
  const form = within(await screen.findByRole('dialog'));
  const type = (label: string, value: string) =>
    fireEvent.change(form.getByLabelText(label), { target: { value } });
  type('Name', 'place');
  type('Entries', 'fox\nowl');
  await userEvent.click(form.getByRole('button', { name: /Save$/ }));
  expect((await form.findByRole('alert')).textContent).toContain('already');
  type('Name', 'beast');
  await userEvent.click(form.getByRole('button', { name: /Save$/ }));
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  expect(Object.fromEntries(files)).toEqual({ place: 'forest', beast: 'fox\nowl' });
  expect(server.received('putWildcard').map(({ body }) => body.replaces)).toEqual(['of: fox']);
});

test('changes are not lost by closing the editor', async () => {
  serveFiles(new Map([['animal', 'fox']]));
  await renderPage(page());
  await userEvent.click(await screen.findByRole('button', { name: /__animal__/ }));
  const form = within(await screen.findByRole('dialog'));
  fireEvent.change(form.getByLabelText('Entries'), { target: { value: 'mine' } });
  await userEvent.click(form.getByRole('button', { name: 'Close' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Keep editing' }));
  expect(form.getByLabelText<HTMLTextAreaElement>('Entries').value).toBe('mine');
});

test('a deleted one comes back by undo', async () => {
  const files = new Map([['animal', 'fox']]);
  serveFiles(files);
  await renderPage(page());
  await userEvent.click(await screen.findByRole('button', { name: 'Delete animal' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete' }));
  await screen.findByText('There are no wildcards yet');
  expect(files.size).toBe(0);
  await userEvent.click(screen.getByRole('button', { name: 'Undo' }));
  await waitFor(() => expect(files.get('animal')).toBe('fox'));
});

test('files become wildcards; others are named with the reason', async () => {
  const files = new Map([['same', 'fox']]);
  serveFiles(files);
  await renderPage(page());
  const gbk = new Uint8Array([0xba, 0xfc, 0xc0, 0xea]);
  const added = await addFiles([
    new File(['wolf'], 'new one.txt'),
    new File(['fox'], 'same.txt'),
    new File([gbk], '动物.TXT'),
    new File(['a: b'], 'set.yaml'),
    new File([new Uint8Array([0xff, 0xfe, 0x00, 0xd8, 0x41])], 'binary.txt'),
  ]);
  expect(added.saved).toBe(3);
  expect(added.problems).toEqual([
    'set.yaml: Wildcards are text files whose names end with .txt. Put a YAML file into the folder "wildcards" of the data folder.',
    'binary.txt: The file cannot be read as text. Save it as UTF-8.',
  ]);
  expect([files.get('new one'), files.get('动物')]).toEqual(['wolf', '狐狸']);
});

test('a file of a taken name asks before it replaces', async () => {
  const files = new Map([['animal', 'fox']]);
  serveFiles(files);
  await renderPage(page());
  const keeping = addFiles([new File(['cat'], 'animal.txt')]);
  await userEvent.click(await screen.findByRole('button', { name: 'Keep the existing one' }));
  expect([await keeping, files.get('animal')]).toEqual([{ saved: 0, problems: [] }, 'fox']);
  const replacing = addFiles([new File(['cat'], 'animal.txt')]);
  await userEvent.click(await screen.findByRole('button', { name: 'Replace' }));
  expect([await replacing, files.get('animal')]).toEqual([{ saved: 1, problems: [] }, 'cat']);
});

test('the list follows changes of other windows', async () => {
  const files = new Map([['animal', 'fox']]);
  serveFiles(files);
  await renderPage(page());
  await screen.findByText('__animal__');
  files.set('place', 'forest');
  listChanged('wildcards');
  await screen.findByText('__place__');
});
