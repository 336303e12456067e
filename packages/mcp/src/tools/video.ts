/** The tool that makes videos. */
import { MAX_PROMPT_CHARS, MAX_VIDEO_FRAMES } from '@limner/contract';
import { z } from 'zod';
import { madeTask } from '../made-task.ts';
import { TaskFacts } from '../output.ts';
import { PictureInput, pictureRef } from '../picture-input.ts';
import { waiting } from '../task-result.ts';
import { MAKES, tool } from '../tool.ts';

export const makeVideo = tool({
  name: 'make_video',
  title: 'Make a video',
  description: 'From words, from start_image, or between it and end_image. Takes minutes: get_task waits on.',
  input: z.strictObject({
    prompt: z.string().trim().min(1).max(MAX_PROMPT_CHARS),
    start_image: PictureInput.optional(),
    end_image: PictureInput.optional(),
    seconds: z.number().positive().max(MAX_VIDEO_FRAMES).optional(),
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
