/** Media types by file extension. New files get the first extension of their type. */
const ENDINGS: readonly [mediaType: string, ...endings: string[]][] = [
  ['image/png', 'png'],
  ['image/jpeg', 'jpg', 'jpeg'],
  ['image/webp', 'webp'],
  ['image/gif', 'gif'],
  ['image/apng', 'apng'],
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

/** `bin` for unknown types. */
export const endingOf = (mediaType: string): string => ENDING_OF.get(mediaType) ?? 'bin';

/** By the extension of a file name, key or URL. */
export function mediaTypeOfFile(file: string): string {
  const [path = ''] = file.split('?', 1);
  return MEDIA_TYPE_OF.get(path.split('.').at(-1)?.toLowerCase() ?? '') ?? UNKNOWN_MEDIA_TYPE;
}

export const isPictureType = (mediaType: string): boolean => mediaType.startsWith('image/');

/** False for files of other types. True without a known extension, because the address of a picture may have none. */
export const mayBePicture = (file: string): boolean =>
  isPictureType(mediaTypeOfFile(file)) || mediaTypeOfFile(file) === UNKNOWN_MEDIA_TYPE;
