/** Media types by file extension. New files get the first extension of their type. */
const ENDINGS: readonly [mediaType: string, ...endings: string[]][] = [
  ['image/png', 'png'],
  ['image/jpeg', 'jpg', 'jpeg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/apng', 'apng'],
  ['image/avif', 'avif'],
  ['image/tiff', 'tiff', 'tif'],
  ['image/bmp', 'bmp'],
  ['image/x-exr', 'exr'],
  ['image/vnd.radiance', 'hdr'],
  ['image/vnd.adobe.photoshop', 'psd'],
  ['image/x-tga', 'tga'],
  ['image/jxl', 'jxl'],
  ['image/heic', 'heic'],
  ['image/svg+xml', 'svg'],
  ['video/mp4', 'mp4', 'm4v'],
  ['video/webm', 'webm'],
  ['video/quicktime', 'mov'],
  ['video/x-matroska', 'mkv'],
  ['audio/mpeg', 'mp3'],
  ['audio/flac', 'flac'],
  ['audio/wav', 'wav'],
  ['audio/ogg', 'ogg', 'opus'],
  ['model/gltf-binary', 'glb'],
  ['application/json', 'json'],
  ['application/zip', 'zip'],
  ['application/x-safetensors', 'safetensors'],
];

const UNKNOWN_MEDIA_TYPE = 'application/octet-stream';

const ENDING_OF = new Map(ENDINGS.map(([mediaType, ending]) => [mediaType, ending]));
const MEDIA_TYPE_OF = new Map(
  ENDINGS.flatMap(([mediaType, ...endings]) => endings.map((ending) => [ending, mediaType] as const)),
);

const UNKNOWN_ENDING = 'bin';

/** `bin` for unknown types. */
export const endingOf = (mediaType: string): string => ENDING_OF.get(mediaType) ?? UNKNOWN_ENDING;

function extensionOf(file: string): string {
  const [path = ''] = file.split('?', 1);
  return path.split('.').at(-1)?.toLowerCase() ?? '';
}

/** By the extension of a file name, key or URL. */
export const mediaTypeOfFile = (file: string): string =>
  MEDIA_TYPE_OF.get(extensionOf(file)) ?? UNKNOWN_MEDIA_TYPE;

/** What browsers show and Limner reads. Pictures of other types are kept as files. */
const SHOWN = new Set(['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/apng', 'image/avif']);

export const isPictureType = (mediaType: string): boolean => SHOWN.has(mediaType);

/** False for files of other types. True without a known extension, because the address of a picture may have none. */
export const mayBePicture = (file: string): boolean =>
  isPictureType(mediaTypeOfFile(file)) ||
  (mediaTypeOfFile(file) === UNKNOWN_MEDIA_TYPE && extensionOf(file) !== UNKNOWN_ENDING);
