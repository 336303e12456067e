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

const ENDING_OF = new Map(ENDINGS.map(([mediaType, ending]) => [mediaType, ending]));
const MEDIA_TYPE_OF = new Map(
  ENDINGS.flatMap(([mediaType, ...endings]) => endings.map((ending) => [ending, mediaType] as const)),
);

/** The type of unknown files. */
export const endingOf = (mediaType: string): string => ENDING_OF.get(mediaType) ?? 'bin';

export const mediaTypeOfFile = (fileName: string): string =>
  MEDIA_TYPE_OF.get(fileName.split('.').at(-1)?.toLowerCase() ?? '') ?? 'application/octet-stream';
