/**
 * Styles of LoRA files that were trained elsewhere. A file is received whole, read by its header and stored with the
 * names that ComfyUI knows; its row is written last. A file that fits no model is refused by the names of its tensors.
 */
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import {
  type Bilingual,
  type Caller,
  type LoraStyleQuery,
  MAX_LORA_BYTES,
  StudioError,
  type Style,
  StyleName,
  TriggerWords,
} from '@limner/contract';
import { refuseStranger } from '../access.ts';
import { LORA_MODELS, type LoraModel } from '../loras/lora-models.ts';
import { type ReadLora, readLora } from '../loras/read-lora.ts';
import {
  BrokenHeader,
  type HeaderProblem,
  headerBytes,
  readHeader,
  type SafetensorsHeader,
} from '../loras/safetensors-header.ts';
import { randomId } from '../random-id.ts';
import type { Blobs } from '../storage/blobs.ts';
import { received } from '../uploads/receive.ts';
import type { Styles } from './styles.ts';

export interface LoraStylesOptions {
  styles: Pick<Styles, 'createOfLora'>;
  blobs: Blobs;
  /** Where files are received, on a disk of this machine. */
  incomingDir: string;
  limitBytes?: number;
}

export interface SentLora extends LoraStyleQuery {
  fileName: string;
}

export class LoraStyles {
  readonly #options: LoraStylesOptions;

  constructor(options: LoraStylesOptions) {
    this.#options = options;
  }

  get limitBytes(): number {
    return this.#options.limitBytes ?? MAX_LORA_BYTES;
  }

  /** @throws StudioError `lora_broken`, `lora_unknown`, `lora_unclear`, `file_too_large` */
  create(caller: Caller, body: Readable, sent: SentLora): Promise<Style> {
    refuseStranger(caller);
    const receiving = { folder: this.#options.incomingDir, limitBytes: this.limitBytes };
    return received(body, receiving, async (file) => {
      const header = await headerOf(file);
      const model = modelOf(header, sent.model);
      const lora = readLora(header, model);
      const key = `loras/lora-${randomId()}.safetensors`;
      const { blobs, styles } = this.#options;
      await blobs.put(key, renamedFile(file, header, lora));
      const { type } = sent;
      const { name, triggerWords } = wordsOf(header.metadata, sent);
      return styles.createOfLora(caller, { name, type, triggerWords, family: model.id, loraPath: key });
    });
  }
}

const PROBLEMS: Record<HeaderProblem, Bilingual> = {
  short: { en: 'it is too short', zh: '文件过短' },
  no_header: { en: 'it has no readable header', zh: '没有可读的文件头' },
  cut_off: { en: 'its end is missing; download it again', zh: '文件末尾缺失，请重新下载' },
};

async function headerOf(file: string): Promise<SafetensorsHeader> {
  try {
    return await readHeader(file);
  } catch (error) {
    if (!(error instanceof BrokenHeader)) throw error;
    throw new StudioError('lora_broken', { data: { reason: PROBLEMS[error.problem] }, cause: error });
  }
}

/** The named one among those that it fits, or the only one. */
function modelOf(header: SafetensorsHeader, named: string | undefined): LoraModel {
  const read = readLora(header);
  if (read.models.length === 0) throw unknown(read, header);
  if (named === undefined) {
    const [model, ...others] = read.models;
    if (model && others.length === 0) return model;
    throw unclear(read.models);
  }
  const model = LORA_MODELS.find(({ id }) => id === named);
  if (model && readLora(header, model).models.includes(model)) return model;
  throw unclear(read.models);
}

const unclear = (models: readonly LoraModel[]): StudioError =>
  new StudioError('lora_unclear', {
    data: { models: models.map(({ label, id }) => `${label} (${id})`), ids: models.map(({ id }) => id) },
    field: 'model',
  });

function unknown({ unknown: names, nearest }: ReadLora, { tensors }: SafetensorsHeader): StudioError {
  const data = {
    count: names.length,
    total: tensors.size,
    nearest: nearest ? { en: `; the nearest is ${nearest.label}`, zh: `；最接近的是 ${nearest.label}` } : '',
    example: names.slice(0, EXAMPLES),
  };
  return tensors.size > 0
    ? new StudioError('lora_unknown', { data })
    : new StudioError('lora_broken', { data: { reason: EMPTY } });
}
const EXAMPLES = 3;
const EMPTY = { en: 'it has no tensors', zh: '其中没有张量' };

/** Only the header changes, so the file is streamed. */
function renamedFile(file: string, header: SafetensorsHeader, { renames }: ReadLora): Readable {
  if (renames.size === 0) return createReadStream(file);
  const { metadata, tensors, bodyStart } = header;
  const respelt = new Map([...tensors].map(([name, entry]) => [renames.get(name) ?? name, entry]));
  const from = { ...metadata, 'limner.renamed': String(renames.size) };
  return Readable.from(joined(headerBytes(from, respelt), file, bodyStart));
}

async function* joined(head: Buffer, file: string, start: number): AsyncIterable<Buffer> {
  yield head;
  yield* createReadStream(file, { start });
}

/** Titles and trigger words as Stability's specification and sd-scripts write them. */
function wordsOf(metadata: Readonly<Record<string, string>>, sent: SentLora) {
  const stem = path.parse(sent.fileName.split(/[/\\]/).at(-1) ?? '').name;
  const titles = [metadata['modelspec.title'], metadata.ss_output_name, stem, 'LoRA'];
  const told = [metadata['modelspec.trigger_phrase'], metadata.trigger_words];
  return {
    name: sent.name ?? firstValid(StyleName, titles),
    triggerWords: sent.trigger_words ?? firstValid(TriggerWords, [...told, '']),
  };
}

function firstValid(
  schema: typeof StyleName | typeof TriggerWords,
  texts: readonly (string | undefined)[],
): string {
  for (const text of texts) {
    const read = schema.safeParse([...(text ?? '')].slice(0, MAX_NAME_CHARS).join(''));
    if (text !== undefined && read.success) return read.data;
  }
  return '';
}
const MAX_NAME_CHARS = 60;
