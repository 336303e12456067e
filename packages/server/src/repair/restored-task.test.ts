/** What the rows of recovered files say. */
import type { Provenance } from '@limner/contract';
import { expect, it } from 'vitest';
import type { FoundOutput } from './found-output.ts';
import { outputRow } from './restored-task.ts';

const found = (details: Provenance['details'] | null, mediaType = 'image/png'): FoundOutput => {
  const summary = { en: 'Painted.', zh: '绘制。' };
  const name = { task: 7, frame: 0, place: 2 };
  const file = {
    key: 'set-aside/7_0_2.png',
    sizeBytes: 9,
    modifiedMs: 5,
    kind: 'output',
    name,
    extension: 'png',
    isCutOut: false,
  } as const;
  return {
    file,
    recipe: null,
    provenance: details && { engine: 'comfy', family: 'qwen-image-layered', summary, details },
    mediaType,
    width: 8,
    height: 8,
  };
};

it.each([
  ['a layer of its picture', found({ layer: 2, layers: 3 }), 'layer'],
  ['the picture that layers make up', found({ layers: 3 }), 'main'],
  ['a picture that says nothing', found(null), 'main'],
  ['JSON', found(null, 'application/json'), 'data'],
])('knows %s', (_, output, role) => {
  expect(outputRow(7, 'generation', output, false)).toMatchObject({ place: 2, role });
});
