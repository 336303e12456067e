/** Stores an engine's outputs: each is inspected, written and described, one after the other. */
import { Readable } from 'node:stream';
import {
  endingOf,
  type FrameRecipe,
  INFOTEXT_KEYWORD,
  infotextOf,
  type OutputName,
  PICTURE_TEXT_KEYWORD,
  type Provenance,
  pictureText,
  type Size,
  StudioError,
  type TaskKind,
} from '@limner/contract';
import type { EngineOutput } from '../../engines/engine.ts';
import type { FileBody } from '../../engines/run-files.ts';
import { type InspectedOutput, inspectOutput } from '../../images/output.ts';
import { withText, withTextsStreamed } from '../../images/png-text.ts';
import { outputKey } from '../../outputs/output-name.ts';
import type { Blobs } from '../../storage/blobs.ts';
import { setOlderAside } from '../../storage/set-aside.ts';
import { videoFacts } from '../../videos/video-facts.ts';
import type { KeptOutput } from '../store/leased.ts';

export interface FrameOfOutputs extends Omit<OutputName, 'place'> {
  /** When its task was made. */
  sinceMs: number;
}

/** Unread outputs are destroyed at the end, so that they hold no connection. */
export async function* keptOutputs(
  blobs: Blobs,
  { sinceMs, ...whose }: FrameOfOutputs,
  recipe: FrameRecipe,
  outputs: EngineOutput[],
): AsyncGenerator<KeptOutput> {
  try {
    let place = 0;
    for (const output of outputs)
      for (const file of await inspectOutput(output)) {
        yield await keptFile(blobs, { name: { ...whose, place }, sinceMs }, recipe, file);
        place += 1;
      }
  } finally {
    for (const { body } of outputs) if (!Buffer.isBuffer(body)) body.destroy();
  }
}

async function keptFile(
  blobs: Blobs,
  { name, sinceMs }: { name: OutputName; sinceMs: number },
  recipe: FrameRecipe,
  { body, mediaType, role, provenance, ...said }: InspectedOutput,
): Promise<KeptOutput> {
  const { width, height } = said;
  const file = outputKey(name, recipe.kind, endingOf(mediaType));
  const told = (png: Buffer) =>
    withTexts(png, recipe, provenance, { width: width ?? 0, height: height ?? 0 });
  const whole = mediaType === 'image/png' ? tellPng(body, told) : body;
  await setOlderAside(blobs, file, sinceMs);
  const { sizeBytes } = await blobs.put(file, whole);
  const found = sizeBytes === 0 ? 'damaged' : await videoFacts(blobs, file, mediaType);
  if (found === 'damaged') {
    await blobs.delete(file);
    throw new StudioError('no_image', { data: { engine: provenance.engine } });
  }
  const facts = found === 'unknown' ? said : found;
  return {
    place: name.place,
    role,
    file,
    media_type: mediaType,
    width: facts.width,
    height: facts.height,
    duration_ms: facts.durationMs,
    fps: facts.fps,
    size_bytes: sizeBytes,
    provenance: JSON.stringify(provenance),
  };
}

const tellPng = (body: FileBody, told: (png: Buffer) => Buffer): FileBody =>
  Buffer.isBuffer(body) ? told(body) : Readable.from(withTextsStreamed(body, told), { objectMode: false });

const PAINTED: readonly TaskKind[] = ['generation', 'edit', 'video'];

/** Limner's own recipe first, then, of what was painted, the text that other programs read. A generation may have no words. */
function withTexts(png: Buffer, recipe: FrameRecipe, provenance: Provenance, size: Size): Buffer {
  const isPainted = recipe.kind === 'generation' || (recipe.prompt !== '' && PAINTED.includes(recipe.kind));
  const model = provenance.labels?.model?.en ?? provenance.family;
  const told = isPainted ? withText(png, INFOTEXT_KEYWORD, infotextOf(recipe, size, model)) : png;
  return withText(told, PICTURE_TEXT_KEYWORD, pictureText(recipe, provenance));
}
