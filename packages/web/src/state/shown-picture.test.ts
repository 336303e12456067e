import type { Frame } from '@limner/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  closeViewer,
  leavePicture,
  leaveTask,
  openPicture,
  turnPicture,
  turnTask,
  useViewer,
} from './shown-picture.ts';
import { forgetPicture, forgetTask, receiveTask, useTasks } from './tasks.ts';
import { frameOf, outputOf, taskOf } from './testing-tasks.ts';

const picture = (index: number): Frame =>
  frameOf(index, { status: 'completed', output: { id: `x_${index}`, url: '/x.png' } as Frame['output'] });

/** The store remembers at which version a task was deleted. */
let version = 1;
const receive = (id: number, frames: Frame[]) => receiveTask(taskOf({ id, frames, version: version++ }));
const receiveThird = () => receive(3, [picture(0), frameOf(1, { status: 'failed' }), picture(2)]);

beforeEach(() => {
  useTasks.setState({ entries: {} });
  receiveThird();
  receive(2, [frameOf(0, { status: 'failed' })]);
  receive(1, [picture(0), picture(1)]);
  closeViewer();
});

const shown = () => useViewer.getState().shown;

describe('walking through pictures', () => {
  it('goes through all pictures that one frame left, and knows them by their place', async () => {
    const outputs = [0, 1, 2].map((place) => outputOf(5, 0, place));
    const several = frameOf(0, { status: 'completed', output: outputs[0], outputs });
    receiveTask(taskOf({ id: 5, frames: [several, picture(1)] }));
    openPicture({ task: 5, frame: 0 });
    const seen = [];
    for (let step = 0; step < 4; step += 1) {
      await turnPicture(1);
      seen.push(shown());
    }
    expect(seen).toEqual([
      { task: 5, frame: 0, place: 1 },
      { task: 5, frame: 0, place: 2 },
      { task: 5, frame: 1 },
      { task: 3, frame: 0 },
    ]);
    openPicture({ task: 5, frame: 0, place: 1 });
    forgetPicture(5, '5_0_1');
    await leavePicture();
    expect(shown()).toEqual({ task: 5, frame: 0, place: 2 });
  });

  it('goes through the batch and on to the next task, over what has no picture', async () => {
    openPicture({ task: 3, frame: 0 });
    const seen = [];
    for (let step = 0; step < 4; step += 1) {
      await turnPicture(1);
      seen.push(shown());
    }
    expect(seen).toEqual([
      { task: 3, frame: 2 },
      { task: 1, frame: 0 },
      { task: 1, frame: 1 },
      { task: 1, frame: 1 },
    ]);
  });

  it('comes back to the last picture of the task before', async () => {
    openPicture({ task: 1, frame: 0 });
    await turnPicture(-1);
    expect(shown()).toEqual({ task: 3, frame: 2 });
  });

  it('keeps to the order of the page', async () => {
    openPicture({ task: 1, frame: 1 }, [1, 2, 3]);
    await turnPicture(1);
    expect(shown()).toEqual({ task: 3, frame: 0 });
  });

  it('remembers what was looked at before', async () => {
    openPicture({ task: 3, frame: 0 });
    await turnTask(1);
    expect(useViewer.getState().before).toEqual({ task: 3, frame: 0 });
  });

  it('leaves a deleted task for its neighbour, and closes after the last', async () => {
    openPicture({ task: 1, frame: 0 });
    forgetTask(1);
    await leaveTask();
    expect(shown()).toEqual({ task: 3, frame: 0 });
    forgetTask(3);
    await leaveTask();
    expect(shown()).toBeNull();
  });

  it('shows the next of the batch when the shown picture goes, then the one before, then the next task', async () => {
    openPicture({ task: 3, frame: 0 });
    forgetPicture(3, 'x_0');
    await leavePicture();
    expect(shown()).toEqual({ task: 3, frame: 2 });
    receiveThird();
    forgetPicture(3, 'x_2');
    await leavePicture();
    expect(shown()).toEqual({ task: 3, frame: 0 });
    forgetPicture(3, 'x_0');
    await leavePicture();
    expect(shown()).toEqual({ task: 1, frame: 0 });
  });
});
