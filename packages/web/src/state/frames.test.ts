import { describe, expect, it } from 'vitest';
import { frameAt, nearestFrame, pictureKey, pictureNumber, picturesOf, placeAmong, refTo } from './frames.ts';
import { frameOf, outputOf, taskOf } from './testing-tasks.ts';

const outputs = [0, 1, 2].map((place) => outputOf(4, 1, place));
const task = taskOf({
  id: 4,
  frames: [
    frameOf(0, { status: 'completed', output: outputOf(4, 0) }),
    frameOf(1, { status: 'completed', output: outputs[0], outputs }),
    frameOf(3, { status: 'running' }),
  ],
});

describe('the pictures of a task', () => {
  it('are one per finished output, and one per frame without any yet', () => {
    expect(picturesOf(task).map(pictureKey)).toEqual(['0_0', '1_0', '1_1', '1_2', '3_0']);
    expect(picturesOf(task).map(pictureNumber)).toEqual([1, '2.1', '2.2', '2.3', 4]);
    expect(picturesOf(task).map((frame) => placeAmong(task, frame))).toEqual([1, 2, 3, 4, 5]);
  });

  it('are the same objects each time, so that nothing is drawn anew', () => {
    expect(picturesOf(task).every((picture, at) => picture === picturesOf(task)[at])).toBe(true);
  });

  it('are found again by their references', () => {
    for (const picture of picturesOf(task)) {
      const { frame, place } = refTo(task, picture);
      expect(frameAt(task, frame, place)).toBe(picture);
    }
    expect(frameAt(task, 1)).toBe(picturesOf(task)[1]);
    expect(frameAt(task, 1, 7)).toBeUndefined();
    expect(nearestFrame(task, { frame: 2 })?.index).toBe(3);
  });

  it('leave out what is no picture, and what belongs to one', () => {
    const clip = { ...outputOf(5, 0, 1), media_type: 'video/mp4' };
    const data = { ...outputOf(5, 0, 2), role: 'data' as const };
    const frame = frameOf(0, { output: outputOf(5, 0), outputs: [outputOf(5, 0), clip, data] });
    expect(picturesOf({ frames: [frame] })).toEqual([frame]);
  });
});
