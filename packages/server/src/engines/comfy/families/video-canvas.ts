/** What a video starts from, and the pictures of its first and last frame. */
import type { Size } from '@limner/contract';
import type { Link, NodeRef } from '../graph.ts';
import type { UploadedInput } from './family.ts';
import type { Canvas, Links, Painting } from './model.ts';
import { loadPicture, pictureOf, scaledTo, workingSize } from './pictures.ts';
import { lengthOf } from './save-video.ts';
import { scheduleFor } from './strength.ts';

/** The fields of every node that makes a latent for a video, and the rate. */
export function frameOf(p: Painting): { size: Size; length: number; fps: number } {
  const { request, inputs, model } = p;
  if (!model.video) throw new Error(`${model.id} makes no videos`);
  const start = request.input_image === null ? null : pictureOf(inputs, request.input_image);
  const { frames: length, fps } = lengthOf(model.video, request);
  return { size: workingSize(request, start, model.size), length, fps };
}

export const latentFields = (p: Painting) => {
  const { size, length } = frameOf(p);
  return { ...size, length, batch_size: 1 };
};

/** The start and end picture of the request in the size of the video; null: there is none. */
export function endsOf(p: Painting): { start: Link | null; end: Link | null } {
  const { request, inputs } = p;
  const { size } = frameOf(p);
  const scaled = (picture: UploadedInput, title: string) =>
    scaledTo(p.b, loadPicture(p.b, picture, title), size, `${title} in size`);
  const end = request.video?.end_image ?? null;
  return {
    start:
      request.input_image === null ? null : scaled(pictureOf(inputs, request.input_image), 'start picture'),
    end: end === null ? null : scaled(pictureOf(inputs, end), 'end picture'),
  };
}

/** Frames without a picture to begin with, from a node that only makes them. */
export const emptyFrames = (p: Painting, classType: string): Canvas =>
  videoCanvas(p, p.b.add(classType, 'frames', latentFields(p)).out());

/** Of a node that adds its pictures to both sides of the conditioning too. */
export const conditionedFrames = (
  p: Painting,
  links: Links,
  node: NodeRef,
): { canvas: Canvas; links: Links } => ({
  canvas: videoCanvas(p, node.out(2)),
  links: { ...links, positive: node.out(0), negative: node.out(1) },
});

export const videoCanvas = (p: Painting, latent: Link): Canvas => ({
  latent,
  size: frameOf(p).size,
  schedule: scheduleFor(p.numbers.steps, 1),
  isMasked: false,
});
