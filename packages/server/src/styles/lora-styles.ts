/**
 * Styles of LoRA files that were trained elsewhere. A file is received whole, read by its header and stored with the
 * names that ComfyUI knows; its row is written last. A file that fits no model is refused by the names of its tensors.
 */
import path from 'node:path';
import type { Readable } from 'node:stream';
import {
  type Caller,
  cutText,
  type LoraStyleQuery,
  MAX_LORA_BYTES,
  type Style,
  StyleName,
  TriggerWords,
} from '@limner/contract';
import { refuseStranger } from '../access.ts';
import { loraHeader, modelOf, writtenLora } from '../loras/lora-file.ts';
import { readLora } from '../loras/read-lora.ts';
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

  /**
   * @throws StudioError `lora_broken`, `lora_unknown`, `lora_unclear`, `lora_other_model`, `lora_model_unknown`,
   * `file_too_large`
   */
  create(caller: Caller, body: Readable, sent: SentLora): Promise<Style> {
    refuseStranger(caller);
    const receiving = { folder: this.#options.incomingDir, limitBytes: this.limitBytes };
    return received(body, receiving, async (file) => {
      const header = await loraHeader(file);
      const model = modelOf(header, sent.model);
      const key = `loras/lora-${randomId()}.safetensors`;
      const { blobs, styles } = this.#options;
      await blobs.put(key, writtenLora(file, header, readLora(header, model)));
      const { type } = sent;
      const { name, triggerWords } = wordsOf(header.metadata, sent);
      return styles.createOfLora(caller, { name, type, triggerWords, family: model.id, loraPath: key });
    });
  }
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
    const read = schema.safeParse(cutText(text ?? '', MAX_NAME_CHARS));
    if (text !== undefined && read.success) return read.data;
  }
  return '';
}
const MAX_NAME_CHARS = 60;
