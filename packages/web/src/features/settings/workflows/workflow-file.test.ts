import { expect, test } from 'vitest';
import { readWorkflowFile } from './workflow-file.ts';

const GRAPH = '{"1":{"class_type":"SaveImage","inputs":{}}}';

/** A PNG of one text chunk, without its checksum. */
function pngWith(keyword: string, text: string): File {
  const data = new TextEncoder().encode(`${keyword}\0${text}`);
  const head = new Uint8Array(16);
  head.set([137, 80, 78, 71, 13, 10, 26, 10]);
  new DataView(head.buffer).setUint32(8, data.length);
  head.set(new TextEncoder().encode('tEXt'), 12);
  return new File([head, data, new Uint8Array(16)], 'ComfyUI_00001_.png', { type: 'image/png' });
}

test('a JSON file and a picture of ComfyUI give their graph', async () => {
  const graph = JSON.parse(GRAPH);
  expect(await readWorkflowFile(new File([GRAPH], 'mine.json'))).toEqual({ name: 'mine', graph });
  expect(await readWorkflowFile(pngWith('prompt', GRAPH))).toEqual({ name: 'ComfyUI_00001_', graph });
  const unnumbered = GRAPH.replace('{}', '{},"is_changed":[NaN]');
  expect(await readWorkflowFile(pngWith('prompt', unnumbered))).toMatchObject({ graph });
});

test('a picture with only the canvas gives the canvas', async () => {
  const canvas = { nodes: [], links: [] };
  const picture = pngWith('workflow', JSON.stringify(canvas));
  expect(await readWorkflowFile(picture)).toEqual({ name: 'ComfyUI_00001_', graph: canvas });
});

test('other files give none', async () => {
  for (const file of [
    pngWith('parameters', 'a castle'),
    new File(['[]'], 'a.json'),
    new File(['x'], 'a.txt'),
  ])
    expect(await readWorkflowFile(file)).toBeNull();
});

test('a file that the server would refuse for its size is said to be too large', async () => {
  const large = new File([`{"a":"${'x'.repeat(8 * 1024 ** 2)}"}`], 'large.json');
  expect(await readWorkflowFile(large)).toBe('too large');
});
