/** ONNX Runtime sessions of this process, loaded at first use and kept until the process ends. */
import { availableParallelism } from 'node:os';
import type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-node';
import { readWeights } from './weights.ts';

const sessions = new Map<string, Promise<InferenceSession>>();

/**
 * One of our own models, checked against its SHA-256. It may lie in several files, weights first and then the graph that
 * uses them: protobuf messages merge by concatenation.
 */
export function shippedSession(dir: string, ...files: string[]): Promise<InferenceSession> {
  const read = async () => Buffer.concat(await Promise.all(files.map((file) => readWeights(dir, file))));
  return cached([dir, ...files].join('\n'), read);
}

/** Like `shippedSession`, but not cached: the caller releases it. */
export async function ownSession(dir: string, ...files: string[]): Promise<InferenceSession> {
  return open(Buffer.concat(await Promise.all(files.map((file) => readWeights(dir, file)))));
}

/** A file that the user put there; ONNX Runtime reads it, because it may be large or have a data file beside it. */
export function userSession(path: string): Promise<InferenceSession> {
  return cached(path, async () => path);
}

function cached(key: string, source: () => Promise<Buffer | string>): Promise<InferenceSession> {
  const known = sessions.get(key);
  if (known) return known;
  const opened = source().then(open);
  sessions.set(key, opened);
  // A missing or damaged file may be repaired while the process runs.
  opened.catch(() => sessions.delete(key));
  return opened;
}

async function open(source: Buffer | string): Promise<InferenceSession> {
  const { InferenceSession } = await import('onnxruntime-node');
  const options: InferenceSession.SessionOptions = {
    intraOpNumThreads: availableParallelism(),
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    // Spinning threads would take the cores from the server between two steps.
    extra: { session: { intra_op: { allow_spinning: '0' } } },
  };
  return typeof source === 'string'
    ? InferenceSession.create(source, options)
    : InferenceSession.create(source, options);
}

export async function floats(data: Float32Array, dims: number[]): Promise<TypedTensor<'float32'>> {
  const { Tensor } = await import('onnxruntime-node');
  return new Tensor('float32', data, dims);
}

export async function integers(values: readonly number[], dims: number[]): Promise<TypedTensor<'int64'>> {
  const { Tensor } = await import('onnxruntime-node');
  return new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}

/** Runs a model that has one output. */
export async function runForOne(
  session: InferenceSession,
  feeds: Record<string, Tensor>,
): Promise<TypedTensor<'float32'>> {
  const results = await session.run(feeds);
  return results[session.outputNames[0] as string] as TypedTensor<'float32'>;
}
