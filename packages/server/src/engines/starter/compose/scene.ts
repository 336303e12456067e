/** A place as a background: its wall or floor from edge to edge, and some furniture. */
import type { Reading, Thing } from './thing.ts';
import type { Vocabulary } from './vocabulary.ts';
import { SCENE_HEADS, SCENES } from './words/scenes.ts';

/** Fills the picture if a scene word directly follows a known place. */
export function furnish(reading: Reading, said: readonly string[], vocabulary: Vocabulary): void {
  const host = reading.things.find(({ word }) => {
    const at = said.indexOf(word);
    return SCENES.has(word) && SCENE_HEADS.has(said[at + 1] ?? '');
  });
  const scene = host && SCENES.get(host.word);
  if (host === undefined || scene === undefined || reading.plateColour !== undefined) return;
  reading.plate = 'none';
  reading.notDrawn = reading.notDrawn.filter((word) => !SCENE_HEADS.has(word));
  const add = (name: string, meaning: Thing['meaning'] | undefined): void => {
    if (meaning === undefined) throw new Error(`the scene of ${host.word} has no ${name}`);
    reading.things.push({ ...PLAIN_THING, word: host.word, meaning });
  };
  for (const prop of scene.props) add(prop, vocabulary.named(prop));
  add(scene.ground, vocabulary.texture(scene.ground));
}

const PLAIN_THING = {
  hints: [],
  colour: undefined,
  material: undefined,
  size: 1,
  count: 1,
  join: 'prop',
} satisfies Omit<Thing, 'word' | 'meaning'>;
