/**
 * Cut-out networks that users bring: U²-Net, IS-Net and BiRefNet in their usual ONNX form take one normalised picture
 * and return a mask as their first output. The input size is read from the file; if the file leaves it open, 1024 is
 * used, with which such networks are trained.
 */
import { basename } from 'node:path';
import { StudioError } from '@limner/contract';
import type { InferenceSession } from 'onnxruntime-node';
import type { Pixels } from '../embedded/picture.ts';
import { floats, runForOne, userSession } from '../embedded/sessions.ts';
import { type Mask, planesFor } from './masked.ts';

const OPEN_SIDE_PX = 1024;
/** Mean and deviation of ImageNet's pictures. */
const [MEAN, DEVIATION] = [
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
];

export async function userMask(source: Pixels, path: string): Promise<Mask> {
  const session = await userSession(path).catch((cause) => {
    throw unusable(path, cause);
  });
  const [width, height] = inputSize(session);
  const planes = await planesFor(source, width, height);
  const plane = width * height;
  const normalised = planes.map((value, i) => {
    const c = Math.floor(i / plane);
    return (value - (MEAN?.[c] as number)) / (DEVIATION?.[c] as number);
  });
  const input = await floats(normalised, [1, 3, height, width]);
  const output = await runForOne(session, { [session.inputNames[0] as string]: input }).catch((cause) => {
    throw unusable(path, cause);
  });
  const [maskHeight, maskWidth] = output.dims.slice(-2) as [number, number];
  return {
    width: maskWidth,
    height: maskHeight,
    values: toUnit(output.data.slice(0, maskWidth * maskHeight)),
  };
}

function inputSize(session: InferenceSession): [width: number, height: number] {
  const input = session.inputMetadata[0];
  const shape = input?.isTensor ? input.shape : [];
  const side = (dim: unknown): number => (typeof dim === 'number' && dim > 0 ? dim : OPEN_SIDE_PX);
  return [side(shape[3]), side(shape[2])];
}

/** Some networks end in a sigmoid, for others we apply it. Then the mask is stretched to the full range. */
function toUnit(values: Float32Array): Float32Array {
  const outside = values.some((value) => value < -0.01 || value > 1.01);
  const shares = outside ? values.map((value) => 1 / (1 + Math.exp(-value))) : values;
  const least = shares.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const most = shares.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  return shares.map((value) => (value - least) / Math.max(most - least, 1e-6));
}

function unusable(path: string, cause: unknown): StudioError {
  const reason = {
    en: `it is not an ONNX cut-out network with one picture as input (${(cause as Error).message})`,
    zh: `该文件不是接受单张图片的 ONNX 抠图网络（${(cause as Error).message}）`,
  };
  return new StudioError('unsupported', { data: { family: basename(path), reason }, field: 'model', cause });
}
