/** Examples of a workflow: prompts to begin with, each with a small picture that lies in the workflow's file. */
import { createHash } from 'node:crypto';
import { MAX_PROMPT_CHARS, StudioError, WORKFLOW_PICTURE_PX, type WorkflowExample } from '@limner/contract';
import { z } from 'zod';
import { loadSharp } from '../../../images/sharp.ts';

export interface ExamplePicture {
  /** Of its bytes, so that its address changes with them. */
  id: string;
  mediaType: string;
  bytes: Buffer;
}

export interface Example {
  prompt: string;
  negative_prompt: string | null;
  picture: ExamplePicture | null;
}

/** Of a picture in a file, before it is made small. */
const MAX_PICTURE_BYTES = 1_000_000;
const MAX_PICTURE_PIXELS = 4e6;
const DATA = /^data:(image\/(?:webp|png|jpeg));base64,([A-Za-z0-9+/]+={0,2})$/;

/** As they lie in a file. */
export const FileExample = z.strictObject({
  prompt: z.string().max(MAX_PROMPT_CHARS),
  negative_prompt: z.string().max(MAX_PROMPT_CHARS).nullable().default(null),
  picture: z
    .string()
    .max(Math.ceil((MAX_PICTURE_BYTES * 4) / 3) + 100)
    .regex(DATA, 'must be a WebP, PNG or JPEG as a base64 data address')
    .nullable()
    .default(null),
});

export const exampleOf = ({ picture, ...words }: z.infer<typeof FileExample>): Example => ({
  ...words,
  picture: picture === null ? null : pictureOf(picture),
});

function pictureOf(data: string): ExamplePicture {
  const [, mediaType = '', base64 = ''] = DATA.exec(data) ?? [];
  return named(Buffer.from(base64, 'base64'), mediaType);
}

const named = (bytes: Buffer, mediaType: string): ExamplePicture => ({
  id: createHash('sha256').update(bytes).digest('hex').slice(0, 16),
  mediaType,
  bytes,
});

export const fileExample = ({ picture, ...words }: Example): z.infer<typeof FileExample> => ({
  ...words,
  picture: picture && dataAddress(picture),
});

export const dataAddress = ({ mediaType, bytes }: ExamplePicture): string =>
  `data:${mediaType};base64,${bytes.toString('base64')}`;

const addressOf = (workflow: string, { id }: ExamplePicture): string =>
  `/api/workflows/${encodeURIComponent(workflow)}/examples/${id}`;

/** For answers; its picture is there under an address, or as a data address where nothing is stored. */
export const shownExample = ({ picture, ...words }: Example, workflow: string | null): WorkflowExample => ({
  ...words,
  thumbnail_url: picture && (workflow === null ? dataAddress(picture) : addressOf(workflow, picture)),
});

/** Which picture of a workflow an address names; null: the address is of something else. */
export const pictureNamed = (address: string): string | null =>
  /\/api\/workflows\/[^/]+\/examples\/([0-9a-f]{16})$/.exec(address)?.[1] ?? null;

/**
 * Decodes a picture and makes a small one, so that what came from outside is never stored as it came.
 * @throws StudioError `file_type`, `file_broken`
 */
export async function smallPicture(
  bytes: Buffer,
  maxPixels: number = MAX_PICTURE_PIXELS,
): Promise<ExamplePicture> {
  const sharp = await loadSharp();
  const opened = sharp(bytes, { limitInputPixels: maxPixels, failOn: 'error' });
  const broken = (cause: unknown): never => {
    throw new StudioError('file_broken', { cause });
  };
  const { format } = await opened.metadata().catch(broken);
  if (!['png', 'jpeg', 'webp'].includes(format ?? ''))
    throw new StudioError('file_type', { data: { found: format ?? null, kind: format ?? '?' } });
  const small = await opened
    .autoOrient()
    .resize({
      width: WORKFLOW_PICTURE_PX,
      height: WORKFLOW_PICTURE_PX,
      fit: 'inside',
      withoutEnlargement: true,
    })
    .webp({ quality: 80, alphaQuality: 90 })
    .toBuffer()
    .catch(broken);
  return named(small, 'image/webp');
}

/** Of an imported file. */
export const redrawn = async (examples: readonly Example[]): Promise<Example[]> =>
  Promise.all(
    examples.map(async ({ picture, ...words }) => ({
      ...words,
      picture: picture && (await smallPicture(picture.bytes)),
    })),
  );
