/**
 * The end of every video graph: the video itself, its first frame as a picture, and if asked for all frames. The poster is
 * saved by the server, because nothing here decodes videos.
 */
import { type FrameRecipe, videoLength } from '@limner/contract';
import type { GraphInput, Link } from '../graph.ts';
import type { ServerInfo } from '../server-info.ts';
import type { BuiltGraph } from './family.ts';
import type { Model, Painting } from './model.ts';

export type Saved = Pick<BuiltGraph, 'outputNodes' | 'roles'>;

/** Frames and rate, as planned; those of the model in checks without a plan. */
export function lengthOf(video: NonNullable<Model['video']>, request: FrameRecipe) {
  const { frames, fps } = videoLength(video, request.video);
  return { frames, fps };
}

export function saveVideo(
  { b, info, request }: Painting,
  video: NonNullable<Model['video']>,
  images: Link,
  audio: Link | undefined,
): Saved {
  const { fps } = lengthOf(video, request);
  const sound: Record<string, Link> = audio ? { audio } : {};
  const film = b.add('CreateVideo', 'video', { images, fps, ...sound, ...depth(info) }).out();
  const fields = { video: film, filename_prefix: 'limner/video', ...format(info) };
  const saved = b.add('SaveVideo', 'result', fields).id;
  const first = b.add('ImageFromBatch', 'first frame', { image: images, batch_index: 0, length: 1 }).out();
  const poster = b.add('SaveImage', 'poster', { images: first, filename_prefix: 'limner/poster' }).id;
  if (!request.video?.keep_frames) return { outputNodes: [saved, poster], roles: { [poster]: 'poster' } };
  const stills = b.add('SaveImage', 'all frames', { images, filename_prefix: 'limner/still' }).id;
  return { outputNodes: [saved, poster, stills], roles: { [poster]: 'poster', [stills]: 'still' } };
}

/** An input of newer servers. */
const depth = (info: ServerInfo): Record<string, GraphInput> =>
  info.nodes.get('CreateVideo')?.inputs.bit_depth ? { bit_depth: 8 } : {};

/** H.264 in MP4, which every browser plays. In newer servers the codec belongs to the format. */
function format(info: ServerInfo): Record<string, GraphInput> {
  const isNested = info.nodes.get('SaveVideo')?.inputs.format?.more !== undefined;
  return isNested ? { format: 'mp4', 'format.codec': 'h264' } : { format: 'mp4', codec: 'h264' };
}
