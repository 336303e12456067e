/** Workflows that make videos. Length and rate are those of the graph; a request does not change them. */
import type { Family, VideoType } from '@limner/contract';
import { type Graph, isLink, type Link } from '../graph.ts';
import { hasNode, type ServerInfo } from '../server-info.ts';

type Video = NonNullable<Family['video']>;

/** Inputs with the number of frames, and with the frames per second, of ComfyUI's nodes and VideoHelperSuite. */
const LENGTHS: ReadonlySet<string> = new Set(['length', 'num_frames', 'video_frames', 'frames_number']);
const RATES: ReadonlySet<string> = new Set(['fps', 'frame_rate']);
const USUAL_FPS = 24;

const SAVES_VIDEO: ReadonlySet<string> = new Set(['SaveVideo', 'SaveWEBM', 'VHS_VideoCombine']);

/** It saves a video, and no pictures beside it. */
export function makesVideo(graph: Graph): boolean {
  const classes = Object.values(graph).map(({ class_type }) => class_type);
  return classes.some((name) => SAVES_VIDEO.has(name)) && !classes.includes('SaveImage');
}

/** @param pictures how many it takes: the first begins the video, the second ends it */
export function videoOf(graph: Graph, pictures: number): Video {
  const frames = numberIn(graph, LENGTHS) ?? 1;
  const fps = numberIn(graph, RATES) ?? USUAL_FPS;
  return {
    types: typesOf(pictures),
    frames: { default: frames, min: frames, max: frames, step: 1 },
    fps: { default: fps, min: fps, max: fps },
    sound: false,
  };
}

const typesOf = (pictures: number): VideoType[] =>
  pictures === 0 ? ['text_to_video'] : ['image_to_video', ...(pictures > 1 ? ['first_last' as const] : [])];

function numberIn(graph: Graph, names: ReadonlySet<string>): number | undefined {
  const inputs = Object.values(graph).flatMap((node) => Object.entries(node.inputs));
  const found = inputs.find(([name, value]) => names.has(name) && typeof value === 'number' && value >= 1);
  return found && Number(found[1]);
}

/**
 * The graph with its first frame saved as a picture, because nothing here decodes videos. Null: where the pictures of
 * the video come from is not seen, or the server has no node for it.
 */
export function withPoster(graph: Graph, info: ServerInfo): { graph: Graph; poster: string } | null {
  const image = picturesOf(graph);
  if (!image || !hasNode(info, 'ImageFromBatch')) return null;
  const first = freeId(graph);
  const poster = `${first}_poster`;
  return {
    poster,
    graph: {
      ...graph,
      [first]: {
        class_type: 'ImageFromBatch',
        inputs: { image, batch_index: 0, length: 1 },
        _meta: { title: 'first frame' },
      },
      [poster]: {
        class_type: 'SaveImage',
        inputs: { images: [first, 0], filename_prefix: 'limner/poster' },
        _meta: { title: 'poster' },
      },
    },
  };
}

/** Saved as they are, or made into a video before. */
function picturesOf(graph: Graph): Link | null {
  const nodes = Object.values(graph).filter(({ class_type }) => SAVES_VIDEO.has(class_type));
  for (const { inputs } of nodes) {
    const made = isLink(inputs.video) ? graph[inputs.video[0]] : undefined;
    const images = made?.class_type === 'CreateVideo' ? made.inputs.images : inputs.images;
    if (isLink(images)) return images;
  }
  return null;
}

function freeId(graph: Graph): string {
  let id = 'limner_first';
  while (id in graph) id += '_';
  return id;
}
