/** What a file without a row says of itself: its size, and the recipe in a PNG. */
import {
  isPictureType,
  mediaTypeOfFile,
  PICTURE_TEXT_KEYWORD,
  Provenance,
  type Recipe,
  recipeInText,
} from '@limner/contract';
import { isWholePng, type PictureFacts, pictureFacts } from '../images/output.ts';
import { withinMemory } from '../images/pixel-gate.ts';
import { textOf } from '../images/png-text.ts';
import { loadSharp } from '../images/sharp.ts';
import type { Blobs } from '../storage/blobs.ts';
import { videoFacts } from '../videos/video-facts.ts';
import type { AsideOutput } from './aside-file.ts';

export interface FoundOutput {
  file: AsideOutput;
  /** With the seed of its frame. */
  recipe: Recipe | null;
  provenance: Provenance | null;
  mediaType: string;
  width: number | null;
  height: number | null;
  /** Of a video. */
  durationMs?: number | null;
  fps?: number | null;
}

const NO_FACTS = { width: null, height: null };

/** `damaged`: empty, incomplete or no picture. `gone`: it was moved meanwhile. */
export async function readOutput(blobs: Blobs, file: AsideOutput): Promise<FoundOutput | 'damaged' | 'gone'> {
  if (file.sizeBytes === 0) return 'damaged';
  const mediaType = mediaTypeOfFile(file.key);
  const unsaid = { file, recipe: null, provenance: null };
  if (!isPictureType(mediaType)) {
    const facts = await videoFacts(blobs, file.key, mediaType);
    if (facts === 'damaged') return facts;
    return { ...unsaid, mediaType, ...(facts === 'unknown' ? NO_FACTS : facts) };
  }
  const found = await readPicture(blobs, file.key);
  if (typeof found === 'string') return found;
  const { bytes, ...facts } = found;
  const text = facts.mediaType === 'image/png' ? textOf(bytes, PICTURE_TEXT_KEYWORD) : null;
  return text === null
    ? { ...unsaid, ...facts }
    : { file, recipe: recipeInText(text), provenance: provenanceInText(text), ...facts };
}

/** As `readOutput`. */
export async function readPicture(
  blobs: Blobs,
  key: string,
): Promise<(PictureFacts & { bytes: Buffer }) | 'damaged' | 'gone'> {
  const bytes = await blobs.read(key).catch(() => null);
  if (!bytes) return 'gone';
  try {
    const facts = await pictureFacts(bytes);
    if (!isWholePng(bytes)) await decode(bytes, facts);
    return { ...facts, bytes };
  } catch {
    return 'damaged';
  }
}

/** Throws for a picture that is incomplete. */
async function decode(bytes: Buffer, { width, height }: PictureFacts): Promise<void> {
  const sharp = await loadSharp();
  await withinMemory(width * height, () => sharp(bytes, { failOn: 'truncated' }).stats());
}

function provenanceInText(text: string): Provenance | null {
  try {
    return Provenance.safeParse(JSON.parse(text).provenance).data ?? null;
  } catch {
    return null;
  }
}
