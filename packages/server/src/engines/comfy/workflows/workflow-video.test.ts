/** A workflow that saves a video: its kind, its form, and where its first and last picture go. */
import { RecipeVideo } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { canDo } from '../../fit.ts';
import { asking, PICTURES } from '../fixtures/requests.ts';
import { newServer } from '../fixtures/servers.ts';
import type { Graph } from '../graph.ts';
import { workflowFamily } from './workflow-family.ts';
import { specOf } from './workflow-form.ts';
import { readWorkflow } from './workflow-import.ts';
import { withPoster } from './workflow-video.ts';

const FILM: Graph = {
  '1': { class_type: 'LoadImage', inputs: { image: 'example.png' } },
  '2': { class_type: 'LoadImage', inputs: { image: 'example.png' } },
  '3': { class_type: 'ImageBatch', inputs: { image1: ['1', 0], image2: ['2', 0] } },
  '4': { class_type: 'CreateVideo', inputs: { images: ['3', 0], fps: 8 } },
  '5': { class_type: 'SaveVideo', inputs: { video: ['4', 0], filename_prefix: 'a', format: 'auto' } },
};
const asked = (id: string, end_image: string | null) =>
  asking(id, { kind: 'video', type: null, input_image: 'hero', video: RecipeVideo.parse({ end_image }) });

describe('a workflow that saves a video', () => {
  const workflow = readWorkflow(FILM, 'Film');
  const family = workflowFamily(workflow, newServer());

  test('makes videos at the rate of its graph, from its pictures', () => {
    expect(workflow.kind).toBe('video');
    expect(family.spec.video).toMatchObject({
      types: ['image_to_video', 'first_last'],
      fps: { default: 8, min: 8, max: 8 },
    });
    expect(canDo(family.spec, asked(workflow.id, 'villain'))).toBe(true);
  });

  test('loads the start and the end picture of the request', () => {
    const { graph, outputNodes } = family.build(asked(workflow.id, 'villain'), PICTURES, newServer());
    expect([graph['1']?.inputs.image, graph['2']?.inputs.image]).toEqual([
      'limner/hero.png',
      'limner/villain.png',
    ]);
    expect(outputNodes).toContain('5');
  });

  test('saves its first frame as the poster, where the pictures of the video are seen', () => {
    const { graph, outputNodes, roles } = family.build(asked(workflow.id, 'villain'), PICTURES, newServer());
    const [poster = ''] = Object.keys(roles ?? {});
    expect(roles).toEqual({ [poster]: 'poster' });
    expect(outputNodes).toEqual(['5', poster]);
    const first = Object.entries(graph).find(([, { class_type }]) => class_type === 'ImageFromBatch');
    expect(first?.[1].inputs).toEqual({ image: ['3', 0], batch_index: 0, length: 1 });
    expect(graph[poster]?.inputs.images).toEqual([first?.[0], 0]);

    const unseen = { ...FILM, '4': { class_type: 'LoadVideo', inputs: { file: 'a.mp4' } } };
    expect(withPoster(unseen, newServer())).toBeNull();
  });

  test('has as many frames as its graph says', () => {
    const text = readWorkflow(
      {
        '1': {
          class_type: 'EmptyHunyuanLatentVideo',
          inputs: { width: 64, height: 64, length: 33, batch_size: 1 },
        },
        '2': { class_type: 'VAEDecode', inputs: { samples: ['1', 0], vae: ['9', 0] } },
        '3': { class_type: 'CreateVideo', inputs: { images: ['2', 0], fps: 16 } },
        '4': { class_type: 'SaveVideo', inputs: { video: ['3', 0], filename_prefix: 'a', format: 'auto' } },
        '9': { class_type: 'VAELoader', inputs: { vae_name: 'ae.safetensors' } },
      },
      'Words',
    );
    expect(specOf(text).video).toMatchObject({
      types: ['text_to_video'],
      frames: { default: 33, min: 33, max: 33 },
    });
  });

  test('makes pictures where it saves those too', () => {
    const both = { ...FILM, '6': { class_type: 'SaveImage', inputs: { images: ['3', 0] } } };
    expect(readWorkflow(both, 'Both').kind).not.toBe('video');
  });
});
