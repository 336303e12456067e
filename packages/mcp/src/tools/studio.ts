/** Tools about the studio: models, styles, state. */
import type { FamilyOffer } from '@limner/contract';
import { z } from 'zod';
import { answer, type Facts } from '../result.ts';
import { READS, tool } from '../tool.ts';

/** Kinds that tools make. */
const USED_KINDS = new Set<string>(['generation', 'edit', 'remove_bg', 'upscale']);

const nothing = z.strictObject({});

export const listFamilies = tool({
  name: 'list_families',
  title: 'List model families',
  description:
    'The families (models) that are ready, with what they do, default size and size limits in pixels.',
  input: nothing,
  annotations: READS,
  async run(_input, { studio }) {
    const all = (await studio.client.call('listFamilies', {})).filter(({ kind }) => USED_KINDS.has(kind));
    const families = all.filter(({ available }) => available).map(familyFacts);
    return answer(`${families.length} families are ready, ${all.length - families.length} are not.`, {
      families,
    });
  },
});

function familyFacts({ id, kind, label, size, types, references, seconds_per_frame }: FamilyOffer): Facts {
  return {
    id,
    name: label.en,
    kind,
    ...(types.length > 0 ? { types } : {}),
    ...(size
      ? { width: size.default, height: size.default_height ?? size.default, min: size.min, max: size.max }
      : {}),
    ...(references > 0 ? { images: references } : {}),
    ...(seconds_per_frame === null ? {} : { seconds: Number(seconds_per_frame.toFixed(1)) }),
  };
}

export const listStyles = tool({
  name: 'list_styles',
  title: 'List styles',
  description: 'Styles by name, for the argument style. family: the only family a style works with.',
  input: nothing,
  annotations: READS,
  async run(_input, { studio }) {
    const styles = (await studio.client.call('listStyles', {})).map(
      ({ id, name, type, family, is_trained }) => ({
        id,
        name,
        type,
        is_trained,
        ...(family === null ? {} : { family }),
      }),
    );
    return answer(`${styles.length} styles.`, { styles });
  },
});

export const studioStatus = tool({
  name: 'studio_status',
  title: 'State of the studio',
  description: 'Version, engines, queue and disk. Call it first when something fails.',
  input: nothing,
  annotations: READS,
  async run(_input, { studio: { client } }) {
    const [health, engines, lanes, storage] = await Promise.all([
      client.call('health', {}),
      client.call('listEngines', {}),
      client.call('listLanes', {}),
      client.call('storage', {}),
    ]);
    const facts = {
      status: health.status,
      version: health.version,
      tasks: health.tasks,
      engines: engines.map(({ id, label, status, running, queued, note }) => ({
        id,
        name: label.en,
        status,
        running,
        queued,
        ...(note ? { note: note.en } : {}),
      })),
      paused_lanes: lanes.filter(({ paused_at }) => paused_at !== null).map(({ id }) => id),
      disk_free_bytes: storage.disk.free_bytes,
    };
    const { queued, running } = health.tasks;
    return answer(`Limner ${health.version}: ${running} tasks run, ${queued} wait.`, facts);
  },
});
