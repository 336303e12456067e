import type { Frame, Output, OutputRole, Task } from '@limner/contract';
import { expect, it } from 'vitest';
import { picturesOf } from './task-facts.ts';

function taskWith(...roles: OutputRole[]): Task {
  const outputs = roles.map((role, place) => ({ id: `12_0_${place}`, place, role }) as Output);
  return { id: 12, frames: [{ index: 0, seed: 7, outputs } as Frame] } as Task;
}

it.each<[string, OutputRole[], string[]]>([
  ['a video, without its poster and frames', ['main', 'poster', 'still', 'still'], ['12_0_0']],
  ['a picture, without its layers', ['main', 'layer', 'layer'], ['12_0_0']],
  ['each frame of a video that is lost', ['still', 'still'], ['12_0_0', '12_0_1']],
  ['weights too', ['main', 'lora'], ['12_0_0', '12_0_1']],
])('reports %s', (_, roles, ids) => {
  expect(picturesOf(taskWith(...roles)).map(({ output }) => output.id)).toEqual(ids);
});
