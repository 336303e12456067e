/** The outputs of a picture that was painted in layers: what they make up, then the layers, the lowest first. */
import { buffer } from 'node:stream/consumers';
import { StudioError } from '@limner/contract';
import { encodeRaster, stackOf } from '../images/stack.ts';
import type { EngineOutput } from './engine.ts';

export async function layeredOutputs(layers: readonly EngineOutput[]): Promise<EngineOutput[]> {
  const [lowest] = layers;
  if (!lowest) return [];
  const bodies: Buffer[] = [];
  for (const { body } of layers) bodies.push(Buffer.isBuffer(body) ? body : await buffer(body));
  const whole = await stackOf(bodies)
    .then(encodeRaster)
    .catch((cause) => {
      throw new StudioError('no_image', { data: { engine: lowest.provenance.engine }, cause });
    });
  return [
    { body: whole, mediaType: 'image/png', provenance: told(lowest, { layers: layers.length }) },
    ...layers.map((layer, at) => ({
      ...layer,
      body: bodies[at] ?? layer.body,
      role: 'layer' as const,
      provenance: told(layer, { layer: at + 1, layers: layers.length }),
    })),
  ];
}

const told = ({ provenance }: EngineOutput, more: { layer?: number; layers: number }) => ({
  ...provenance,
  details: { ...provenance.details, ...more },
});
