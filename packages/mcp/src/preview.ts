/** Pictures inside results: small enough for the context of a model and for the limits of hosts. */
import { isPictureType, type Output, THUMB_WIDTHS } from '@limner/contract';
import type { Content } from './result.ts';
import type { ToolCall } from './tool.ts';

/** Of a picture that is shown. */
const MAX_SIDE_PX = 1024;
const MAX_BYTES = 200_000;
/** Of all pictures of a result: as base64, with the facts beside them, less than 1 MB. */
const MAX_RESULT_BYTES = 700_000;
export const MAX_SHOWN = 4;

export const SHOWN = ['preview', 'full', 'none'] as const;
export type Shown = (typeof SHOWN)[number];

export interface ShownPicture extends Pick<Output, 'url' | 'media_type' | 'width' | 'height' | 'size_bytes'> {
  id: string;
  file_name: string;
}

/** An image and a link for each picture; links alone beyond the first four. */
export async function pictureContent(
  pictures: ShownPicture[],
  shown: Shown,
  call: ToolCall,
): Promise<Content> {
  const content: Content = [];
  const inline = shown === 'none' ? [] : pictures.filter(isImage).slice(0, MAX_SHOWN);
  const share = Math.floor(MAX_RESULT_BYTES / Math.max(1, inline.length));
  for (const picture of pictures) {
    const image = inline.includes(picture) ? await imageOf(picture, shown, share, call) : null;
    if (image) content.push(image);
    content.push(linkTo(picture, call));
  }
  return content;
}

const isImage = ({ media_type }: ShownPicture): boolean => isPictureType(media_type);

const linkTo = (picture: ShownPicture, { studio }: ToolCall): Content[number] => ({
  type: 'resource_link',
  uri: studio.address(picture.url),
  name: picture.file_name,
  mimeType: picture.media_type,
  ...(picture.size_bytes > 0 ? { size: picture.size_bytes } : {}),
});

/** The file itself where it fits, otherwise the largest copy that fits; null if none does. */
async function imageOf(
  picture: ShownPicture,
  shown: Shown,
  shareBytes: number,
  call: ToolCall,
): Promise<Content[number] | null> {
  const mostBytes = shown === 'full' ? shareBytes : Math.min(MAX_BYTES, shareBytes);
  for (const url of addresses(picture, shown, mostBytes)) {
    const answer = await call.studio.read(url, call.signal);
    if (!answer.ok) return null;
    const bytes = Buffer.from(await answer.arrayBuffer());
    const mimeType = (answer.headers.get('content-type') ?? picture.media_type).split(';', 1)[0] as string;
    if (bytes.length <= mostBytes) return { type: 'image', data: bytes.toString('base64'), mimeType };
  }
  return null;
}

/** What models read without conversion. */
const PLAIN_TYPES = new Set(['image/png', 'image/jpeg', 'image/webp']);

function addresses(picture: ShownPicture, shown: Shown, mostBytes: number): string[] {
  const { url, width, height, media_type, size_bytes } = picture;
  const isKnownSize = width > 0 && height > 0 && size_bytes > 0;
  const isPlain = PLAIN_TYPES.has(media_type) && isKnownSize && size_bytes <= mostBytes;
  const fits = isPlain && (shown === 'full' || Math.max(width, height) <= MAX_SIDE_PX);
  return [...(fits ? [url] : []), ...copyWidths(width, height).map((w) => `${url}?w=${w}`)];
}

/** Widths of stored copies, largest first; a copy is as high as its picture's proportions make it. */
function copyWidths(width: number, height: number): number[] {
  const sizeAt = (w: number) => Math.min(w, width || w) * (width > 0 ? height / width : 1);
  const widths = THUMB_WIDTHS.filter((w) => sizeAt(w) <= MAX_SIDE_PX).reverse();
  return widths.length > 0 ? widths : [THUMB_WIDTHS[0]];
}

/** A picture as a resource shows it; null if no copy is small enough. */
export async function previewOf(
  picture: ShownPicture,
  call: ToolCall,
): Promise<{ data: string; mimeType: string } | null> {
  const image = isImage(picture) ? await imageOf(picture, 'preview', MAX_RESULT_BYTES, call) : null;
  return image?.type === 'image' ? image : null;
}
