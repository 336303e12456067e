/** Tools about the studio: models, styles, state. */
import { type FamilyOffer, type Language, namesOfStyle, type Style, styleName } from '@limner/contract';
import { z } from 'zod';
import { answer, type Facts } from '../result.ts';
import type { Studio } from '../studio.ts';
import { READS, tool } from '../tool.ts';

/** Kinds that tools make. */
const USED_KINDS = new Set<string>(['generation', 'edit', 'remove_bg', 'upscale', 'video']);

/** Of a list of styles. */
export const MAX_STYLES = 100;

const nothing = z.strictObject({});

const usedFamilies = async ({ client }: Studio): Promise<FamilyOffer[]> =>
  (await client.call('listFamilies', {})).filter(({ kind }) => USED_KINDS.has(kind));

export const readyFamilies = async (studio: Studio): Promise<FamilyOffer[]> =>
  (await usedFamilies(studio)).filter(({ available }) => available);

export const listFamilies = tool({
  name: 'list_families',
  title: 'List model families',
  description:
    'The families (models) that are ready, with what they do, default size and size limits in pixels, and the controls they take.',
  input: nothing,
  annotations: READS,
  async run(_input, { studio, language, words }) {
    const all = await usedFamilies(studio);
    const families = all.filter(({ available }) => available).map((family) => familyFacts(family, language));
    return answer(words.families(families.length, all.length - families.length), { families });
  },
});

export function familyFacts(
  { id, kind, label, size, types, controls, references, seconds_per_frame }: FamilyOffer,
  language: Language,
): Facts {
  return {
    id,
    name: label[language],
    kind,
    ...(types.length > 0 ? { types } : {}),
    ...(size
      ? { width: size.default, height: size.default_height ?? size.default, min: size.min, max: size.max }
      : {}),
    ...(controls.length > 0 ? { controls } : {}),
    ...(references > 0 ? { images: references } : {}),
    ...(seconds_per_frame === null ? {} : { seconds: Number(seconds_per_frame.toFixed(1)) }),
  };
}

export const listStyles = tool({
  name: 'list_styles',
  title: 'List styles',
  description: `Styles by name, for the argument style, at most ${MAX_STYLES}; text: part of the name. family: the only family a style works with.`,
  input: z.strictObject({ text: z.string().max(100).optional() }),
  annotations: READS,
  async run({ text = '' }, { studio, words, language }) {
    const part = text.trim().toLowerCase();
    const all = await studio.client.call('listStyles', {});
    const found = all.filter((style) =>
      namesOfStyle(style).some((name) => name.toLowerCase().includes(part)),
    );
    const styles = found.slice(0, MAX_STYLES).map((style) => styleFacts(style, language));
    return answer(words.styles(styles.length, found.length), { styles });
  },
});

export const styleFacts = (style: Style, language: Language): Facts => ({
  id: style.id,
  name: styleName(style, language),
  type: style.type,
  is_trained: style.is_trained,
  ...(style.family === null ? {} : { family: style.family }),
});

export const studioStatus = tool({
  name: 'studio_status',
  title: 'State of the studio',
  description: 'Version, engines, queue and disk. Call it first when something fails.',
  input: nothing,
  annotations: READS,
  async run(_input, { studio: { client }, language, words }) {
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
        name: label[language],
        status,
        running,
        queued,
        ...(note ? { note: note[language] } : {}),
      })),
      paused_lanes: lanes.filter(({ paused_at }) => paused_at !== null).map(({ id }) => id),
      disk_free_bytes: storage.disk.free_bytes,
    };
    const { queued, running } = health.tasks;
    return answer(words.status(health.version, running, queued), facts);
  },
});
