/** Tools that make videos, and animations of pictures. */
import { MAX_ANIMATION_FRAMES, MAX_PROMPT_CHARS, MAX_VIDEO_FRAMES, RecipeAnimation } from '@limner/contract';
import { z } from 'zod';
import { madeTask } from '../made-task.ts';
import { TaskFacts } from '../output.ts';
import { PictureInput, pictureRef } from '../picture-input.ts';
import { waiting } from '../task-result.ts';
import { MAKES, tool } from '../tool.ts';

export const makeVideo = tool({
  name: 'make_video',
  title: 'Make a video',
  description:
    'From words, from start_image, or between it and end_image. Takes minutes: get_task waits on. keep_frames: make_animation can use it.',
  input: z.strictObject({
    prompt: z.string().trim().min(1).max(MAX_PROMPT_CHARS),
    start_image: PictureInput.optional(),
    end_image: PictureInput.optional(),
    seconds: z.number().positive().max(MAX_VIDEO_FRAMES).optional(),
    keep_frames: z.boolean().optional(),
    family: z.string().optional(),
    ...waiting,
  }),
  output: TaskFacts,
  annotations: MAKES,
  async run({ start_image, end_image, wait_seconds, return: shown, ...fields }, call) {
    const start = start_image && (await pictureRef(start_image, call));
    const end = end_image && (await pictureRef(end_image, call));
    const body = { ...fields, start_image: start, end_image: end };
    const made = await call.studio.client.call('video', { body });
    return madeTask(made, { wait_seconds, return: shown }, call);
  },
});

const { format, fps, max_side, cut_out, trim, columns } = RecipeAnimation.shape;

/** The server's defaults hold for what is left out: schemas with them would be longer. */
export const makeAnimation = tool({
  name: 'make_animation',
  title: 'Make a sprite sheet or animation',
  description:
    'Of pictures of one size in order, or of a video with keep_frames. sheet: PNG, and a zip with JSON.',
  input: z.strictObject({
    frames: z.array(PictureInput).min(1).max(MAX_ANIMATION_FRAMES),
    format,
    fps: fps.unwrap().optional(),
    max_side: max_side.unwrap().unwrap().optional(),
    cut_out: cut_out.unwrap().optional(),
    trim: trim.unwrap().optional(),
    columns: columns.unwrap().unwrap().optional(),
    ...waiting,
  }),
  output: TaskFacts,
  annotations: MAKES,
  async run({ frames, wait_seconds, return: shown, ...fields }, call) {
    const refs: string[] = [];
    for (const frame of frames) refs.push(await pictureRef(frame, call));
    const made = await call.studio.client.call('animate', { body: { ...fields, frames: refs } });
    return madeTask(made, { wait_seconds, return: shown }, call);
  },
});
