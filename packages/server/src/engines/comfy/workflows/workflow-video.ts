/** Workflows that make videos. Length and rate are those of the graph; a request does not change them. */
import type { Family, VideoType } from '@limner/contract';
import type { Graph } from '../graph.ts';

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
