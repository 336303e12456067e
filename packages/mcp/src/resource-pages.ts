/**
 * `resources/list`: families, styles and finished pictures, page by page. Many hosts read the first page only, so every page
 * has some of each: the next styles, and the pictures of the next tasks, newest first.
 */
import { cutText } from '@limner/contract';
import { ProtocolError, ProtocolErrorCode, type Resource } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { picturesAmong, tasksBefore } from './newest.ts';
import type { Listed } from './resource-titles.ts';
import type { Studio } from './studio.ts';

const STYLES_AT_ONCE = 100;
const MAX_NAME_CHARS = 80;
const JSON_TYPE = 'application/json';

/** What the next page begins with; null: there are no more. */
const Cursor = z.object({
  /** The style of the greatest id that was listed. */
  styles: z.number().int().min(0).nullable(),
  /** The last task whose pictures were listed. */
  tasks: z.number().int().positive().nullable(),
});
type Cursor = z.output<typeof Cursor>;

export async function listPage(studio: Studio, listed: Listed, cursor: string | undefined) {
  const from = cursor === undefined ? { styles: 0, tasks: undefined } : read(cursor);
  const styles = from.styles === null ? NO_MORE : await stylesAfter(studio, from.styles, listed);
  const pictures = from.tasks === null ? NO_MORE : await picturesBefore(studio, from.tasks, listed);
  const families = { uri: 'limner://families', name: 'families', ...listed.families, mimeType: JSON_TYPE };
  const next: Cursor = { styles: styles.next, tasks: pictures.next };
  return {
    resources: [...(cursor === undefined ? [families] : []), ...styles.resources, ...pictures.resources],
    ...(next.styles === null && next.tasks === null ? {} : { nextCursor: written(next) }),
  };
}

const NO_MORE: { resources: Resource[]; next: null } = { resources: [], next: null };

async function stylesAfter({ client }: Studio, after: number, { styles: about }: Listed) {
  const styles = (await client.call('listStyles', {})).filter(({ id }) => id > after);
  const shown = styles.toSorted((a, b) => a.id - b.id).slice(0, STYLES_AT_ONCE);
  const resources = shown.map(({ id, name }): Resource => {
    return { ...about, mimeType: JSON_TYPE, uri: `limner://styles/${id}`, name, title: name };
  });
  return { resources, next: shown.length < styles.length ? (shown.at(-1)?.id ?? null) : null };
}

async function picturesBefore(
  studio: Studio,
  before: number | undefined,
  { pictures: about, untitled }: Listed,
) {
  const { items, nextBefore } = await tasksBefore(studio, before);
  const resources = picturesAmong(items).map(({ id, task }): Resource => {
    const title = cutText(task.prompt, MAX_NAME_CHARS) || untitled(id);
    const annotations = { lastModified: task.completed_at ?? task.created_at };
    return { ...about, uri: `limner://pictures/${id}`, name: id, title, annotations };
  });
  return { resources, next: nextBefore };
}

const written = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

/** @throws ProtocolError for one that was not given out */
function read(cursor: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, 'The cursor is not one of resources/list.');
  }
}
