import { expect, test } from 'vitest';
import type { Graph, GraphInput } from '../../graph.ts';
import { savingOnce } from './blueprint.ts';

const save = (images: GraphInput) => ({ class_type: 'SaveImage', inputs: { images, filename_prefix: 'x' } });
const crop = { class_type: 'ImageCropV2', inputs: { image: ['1', 0] as [string, number] } };

/** As *Crop Images 2x2*: each tile is given, and all of them as a batch. */
function tiles(saved: readonly string[]): Graph {
  return {
    '1': { class_type: 'LoadImage', inputs: { image: 'a.png' } },
    '2': crop,
    '3': crop,
    '4': { class_type: 'BatchImagesNode', inputs: { 'images.image0': ['2', 0], 'images.image1': ['3', 0] } },
    ...Object.fromEntries(saved.map((node) => [`out-${node}`, save([node, 0])])),
  };
}

const saversIn = (graph: Graph) => Object.keys(graph).filter((id) => id.startsWith('out-'));

test('pictures that are saved one by one are not saved as a batch as well', () => {
  expect(saversIn(savingOnce(tiles(['2', '3', '4'])))).toEqual(['out-2', 'out-3']);
});

test('a batch with a picture that is saved nowhere else is saved', () => {
  expect(saversIn(savingOnce(tiles(['2', '4'])))).toEqual(['out-2', 'out-4']);
  expect(saversIn(savingOnce(tiles(['4'])))).toEqual(['out-4']);
});
