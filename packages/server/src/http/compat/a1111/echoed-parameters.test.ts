import { expect, it } from 'vitest';
import { echoedParameters } from './echoed-parameters.ts';
import { Img2ImgBody } from './generation-body.ts';

it('repeats small fields, and keeps nothing that is large', () => {
  const large = 'x'.repeat(1_000_000);
  const body = Img2ImgBody.parse({
    prompt: 'a key',
    steps: 20,
    init_images: [large],
    mask: large,
    script_args: [large],
    alwayson_scripts: { controlnet: { args: [{ image: large }] } },
    override_settings: { sd_model_checkpoint: large },
    styles: [large],
    eta: large,
  });
  const echoed = echoedParameters(body);
  expect(echoed).toMatchObject({ prompt: 'a key', steps: 20, script_args: [], init_images: null });
  expect(JSON.stringify(echoed).length).toBeLessThan(1_000);
  const small = Img2ImgBody.parse({ init_images: ['x'], override_settings: { CLIP_stop_at_last_layers: 2 } });
  expect(echoedParameters(small)).toMatchObject({ override_settings: { CLIP_stop_at_last_layers: 2 } });
});
