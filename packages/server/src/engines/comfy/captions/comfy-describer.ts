/**
 * Describes pictures with ComfyUI's own node for text, on a server that has a text encoder which sees: such files serve
 * as the encoder of a picture model too.
 */
import { createHash, randomUUID } from 'node:crypto';
import type { Missing } from '@limner/contract';
import { z } from 'zod';
import { unlessAborted } from '../../../unless-aborted.ts';
import type { Describer } from '../../describer.ts';
import { GraphBuilder, type GraphInput } from '../graph.ts';
import { missingNode } from '../preflight.ts';
import { followJob } from '../run/job.ts';
import { failureOf, succeeded } from '../run/job-outcome.ts';
import type { Timing } from '../run/job-timing.ts';
import { choicesOf, hasNode, type InputInfo, type ServerInfo } from '../server-info.ts';
import type { ComfyPool } from '../servers/pool.ts';
import type { ComfyServer } from '../servers/server.ts';

const NODE = 'TextGenerate';
/** Encoders of this name are Qwen3-VL and Qwen3.5 with their part for pictures. Qwen3 alone reads words only. */
const SEES = /qwen[-_.]?3([-_.]?vl|\.5).*\.safetensors$/i;
/** Under `flux2` the same file is loaded without its part for pictures. */
const LOADED_AS = 'stable_diffusion';
const ANSWER_TOKENS = 300;

const encoderOn = (info: ServerInfo): string | undefined =>
  choicesOf(info, 'CLIPLoader', 'clip_name').find((file) => SEES.test(file));

const Texts = z.record(
  z.string(),
  z.object({ outputs: z.record(z.string(), z.object({ text: z.array(z.string()).optional() })) }),
);

export class ComfyDescriber implements Describer {
  readonly #pool: ComfyPool;
  readonly #timing: Timing;
  readonly host = 'ComfyUI';

  constructor(pool: ComfyPool, timing: Timing) {
    this.#pool = pool;
    this.#timing = timing;
  }

  get model(): string | null {
    for (const { server, config } of this.#pool.ready()) {
      const file = server.info && lacked(server.info).length === 0 && encoderOn(server.info);
      if (file) return `${file} (${config.name})`;
    }
    return null;
  }

  async describe(jpeg: Buffer, question: string, signal: AbortSignal): Promise<string> {
    const slot = await this.#pool.acquire({
      owner: `caption/${randomUUID()}`,
      missing: lacked,
      modelKey: (info) => encoderOn(info) ?? '',
      avoid: new Set(),
      signal,
      waiting: () => {},
      waits: () => {},
    });
    try {
      return await this.#asked(slot.member.server, jpeg, question, signal);
    } finally {
      slot.release(true);
    }
  }

  async #asked(server: ComfyServer, jpeg: Buffer, question: string, signal: AbortSignal): Promise<string> {
    if (!server.info) throw new Error(`${server.config.name} was chosen before its node list was read`);
    const sha256 = createHash('sha256').update(jpeg).digest('hex');
    // Only its name and bytes are used.
    const picture = { sha256, mediaType: 'image/jpeg', width: 0, height: 0, read: async () => jpeg };
    const image = await unlessAborted(server.uploads.put(picture, 'keep'), signal);
    const { graph, said } = graphOf(server.info, image, question);
    const promptId = randomUUID();
    const clientId = server.postingId;
    const hooks = {
      ...{ signal, clientId, timing: this.#timing, weights: new Map<string, number>() },
      now: () => performance.now(),
      progress: () => {},
      waits: () => {},
      preview: () => {},
    };
    try {
      const entry = await followJob(server, promptId, hooks, () =>
        server.client.submit({ graph, promptId, clientId }, signal),
      );
      if (!succeeded(entry)) throw failureOf(server.client.server, entry);
    } catch (error) {
      if (signal.aborted) server.abandon(promptId);
      throw error;
    }
    const texts = Texts.safeParse(await server.client.ask(`/history/${promptId}`, { signal })).data;
    return texts?.[promptId]?.outputs[said]?.text?.[0] ?? '';
  }
}

function lacked(info: ServerInfo): Missing[] {
  const nodes = [NODE, 'PreviewAny', 'CLIPLoader', 'LoadImage'].filter((node) => !hasNode(info, node));
  const missing = nodes.map((node) => missingNode(node, info));
  return encoderOn(info) === undefined ? [...missing, noEncoder] : missing;
}

const noEncoder: Missing = {
  what: 'model_file',
  name: 'qwen3vl_4b_bf16.safetensors',
  folder: 'models/text_encoders',
  source: 'Comfy-Org/Qwen3-VL',
  cure: {
    en: 'Add a text encoder that sees, such as Qwen3-VL 4B, to models/text_encoders of the server.',
    zh: '请在服务器的 models/text_encoders 中添加能读图的文本编码器，例如 Qwen3-VL 4B。',
  },
};

function graphOf(info: ServerInfo, image: string, prompt: string) {
  const b = new GraphBuilder();
  const picture = b.add('LoadImage', 'picture', { image });
  const loader = { clip_name: encoderOn(info) ?? '', type: LOADED_AS };
  const clip = b.add('CLIPLoader', 'encoder that sees', filled(info, 'CLIPLoader', loader));
  const asked = {
    clip: clip.out(),
    prompt,
    image: picture.out(),
    max_length: ANSWER_TOKENS,
    sampling_mode: 'off',
  };
  const text = b.add(NODE, 'describe', filled(info, NODE, asked));
  const said = b.add('PreviewAny', 'answer', { source: text.out() });
  return { graph: b.graph, said: said.id };
}

/** With the server's defaults of the inputs that it requires besides. */
function filled(
  info: ServerInfo,
  node: string,
  ours: Record<string, GraphInput>,
): Record<string, GraphInput> {
  const declared = Object.entries(info.nodes.get(node)?.inputs ?? {});
  const usual = ({ required, default: value, choices }: InputInfo) =>
    required ? (value ?? choices?.[0]) : undefined;
  const others = declared.flatMap(([name, spec]): [string, GraphInput][] => {
    const value = name in ours ? undefined : usual(spec);
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(others), ...ours };
}
