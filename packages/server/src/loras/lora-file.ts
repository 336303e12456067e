/** A LoRA file on this machine: read by its header, and streamed with other names and facts. Its tensors are not touched. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { type Bilingual, StudioError } from '@limner/contract';
import { LORA_MODELS, type LoraModel } from './lora-models.ts';
import { type ReadLora, readLora } from './read-lora.ts';
import {
  BrokenHeader,
  type HeaderProblem,
  headerBytes,
  readHeader,
  type SafetensorsHeader,
} from './safetensors-header.ts';

const PROBLEMS: Record<HeaderProblem, Bilingual> = {
  short: { en: 'it is too short', zh: '文件过短' },
  no_header: { en: 'it has no readable header', zh: '没有可读的文件头' },
  long_header: { en: 'its header is far longer than that of a LoRA', zh: '文件头远大于 LoRA 应有的长度' },
  cut_off: { en: 'its end is missing; download it again', zh: '文件末尾缺失，请重新下载' },
};

/** @throws StudioError `lora_broken` */
export async function loraHeader(file: string): Promise<SafetensorsHeader> {
  try {
    return await readHeader(file);
  } catch (error) {
    if (!(error instanceof BrokenHeader)) throw error;
    throw new StudioError('lora_broken', { data: { reason: PROBLEMS[error.problem] }, cause: error });
  }
}

/**
 * The named one among those that it fits, or the only one.
 * @throws StudioError `lora_unknown`, `lora_unclear`, `lora_other_model`, `lora_model_unknown`
 */
export function modelOf(header: SafetensorsHeader, named: string | undefined): LoraModel {
  const wanted = named === undefined ? undefined : knownModel(named);
  const { models } = fitting(header);
  if (wanted) {
    if (readLora(header, wanted).models.includes(wanted)) return wanted;
    throw new StudioError('lora_other_model', {
      data: { ...namesOf(models), named: nameOf(wanted) },
      field: 'model',
    });
  }
  const [model, ...others] = models;
  if (model && others.length === 0) return model;
  throw unclear(models);
}

function knownModel(named: string): LoraModel {
  const model = LORA_MODELS.find(({ id }) => id === named);
  if (model) return model;
  throw new StudioError('lora_model_unknown', { data: { ...namesOf(LORA_MODELS), named }, field: 'model' });
}

/** The one that was trained for a family; where it fits none of that family, the only one that it fits. */
export function modelTrainedFor(header: SafetensorsHeader, family: string): LoraModel {
  const { models } = fitting(header);
  const [meant] = models.filter(({ families }) => families.includes(family));
  const [only, ...others] = models;
  if (meant) return meant;
  if (only && others.length === 0) return only;
  throw unclear(models);
}

function fitting(header: SafetensorsHeader): ReadLora {
  const read = readLora(header);
  if (read.models.length === 0) throw unknown(read, header);
  return read;
}

const unclear = (models: readonly LoraModel[]): StudioError =>
  new StudioError('lora_unclear', { data: namesOf(models), field: 'model' });

const nameOf = ({ label, id }: LoraModel): string => `${label} (${id})`;
const namesOf = (models: readonly LoraModel[]) => ({
  models: models.map(nameOf),
  ids: models.map(({ id }) => id),
});

function unknown({ unknown: names, nearest }: ReadLora, { tensors }: SafetensorsHeader): StudioError {
  const data = {
    count: names.length,
    total: tensors.size,
    nearest: nearest ? { en: `; the nearest is ${nearest.label}`, zh: `；最接近的是 ${nearest.label}` } : '',
    example: names.slice(0, EXAMPLES),
  };
  if (tensors.size === 0) return new StudioError('lora_broken', { data: { reason: EMPTY } });
  const isWhole = names.length === tensors.size && names.every((name) => WHOLE_MODEL.test(name));
  return isWhole
    ? new StudioError('lora_is_model', { data: { example: data.example } })
    : new StudioError('lora_unknown', { data });
}
/** Tensors of checkpoints, diffusion models, VAEs and text encoders: none has a factor of a LoRA, LoHa, LoKr or the like. */
const WHOLE_MODEL =
  /^(?!.*(lora|hada_|lokr_|oft_|dora_scale|\.diff(_b)?$)).*\.(weight|bias|scale|scale_weight|gamma|beta)$/;
const EXAMPLES = 3;
const EMPTY = { en: 'it has no tensors', zh: '其中没有张量' };

/** SHA-256 of the tensors' bytes, which names and facts in the header do not change. */
export async function tensorsHash(file: string, { bodyStart }: SafetensorsHeader): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file, { start: bodyStart })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** The file with names of ComfyUI and further facts. Without either it stays byte for byte. */
export function writtenLora(
  file: string,
  { metadata, tensors, bodyStart }: SafetensorsHeader,
  { renames, facts = {} }: { renames: ReadLora['renames']; facts?: Readonly<Record<string, string>> },
): Readable {
  if (renames.size === 0 && Object.keys(facts).length === 0) return createReadStream(file);
  const respelt = new Map([...tensors].map(([name, entry]) => [renames.get(name) ?? name, entry]));
  const renamed: Record<string, string> = renames.size > 0 ? { 'limner.renamed': String(renames.size) } : {};
  return Readable.from(joined(headerBytes({ ...metadata, ...renamed, ...facts }, respelt), file, bodyStart));
}

async function* joined(head: Buffer, file: string, start: number): AsyncIterable<Buffer> {
  yield head;
  yield* createReadStream(file, { start });
}
