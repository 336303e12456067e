/** What a program may complete while somebody types: ids and names of the studio. */
import { newestPictures, newestTasks } from './newest.ts';
import type { Studio, StudioOf } from './studio.ts';
import { readyFamilies } from './tools/studio.ts';

/** Those that begin as typed, in either case; none without a studio. */
export const offered =
  (studioOf: StudioOf, list: (studio: Studio) => Promise<string[]>) =>
  async (begin: string): Promise<string[]> => {
    const names = await namesOf(studioOf, list).catch(() => []);
    return names.filter((name) => name.toLowerCase().startsWith(begin.trim().toLowerCase()));
  };

const namesOf = async (studioOf: StudioOf, list: (studio: Studio) => Promise<string[]>) =>
  list(await studioOf());

export const styleNames = async ({ client }: Studio): Promise<string[]> =>
  (await client.call('listStyles', {})).map(({ name }) => name);

export const styleIds = async ({ client }: Studio): Promise<string[]> =>
  (await client.call('listStyles', {})).map(({ id }) => String(id));

export const familyIds = async (studio: Studio): Promise<string[]> =>
  (await readyFamilies(studio)).map(({ id }) => id);

export const pictureIds = async (studio: Studio): Promise<string[]> =>
  (await newestPictures(studio)).map(({ id }) => id);

export const taskIds = async (studio: Studio): Promise<string[]> =>
  (await newestTasks(studio)).map(({ id }) => String(id));
