/** Brings the LoRA files of styles to ComfyUI servers, and says where they are. */
import { type Caller, recipeStyleOf, type Style, type StyleOnServer } from '@limner/contract';
import { SYSTEM } from '../access.ts';
import type { Database } from '../db/database.ts';
import type { DeliveredStyle, LoraDelivery } from '../engines/lora-delivery.ts';
import type { Blobs } from '../storage/blobs.ts';
import { openLora } from './lora-file.ts';
import { readStyle } from './styles.ts';

export interface SentStylesOptions {
  db: Pick<Database, 'read'>;
  blobs: Blobs;
  delivery: LoraDelivery;
}

export class SentStyles {
  readonly #options: SentStylesOptions;

  constructor(options: SentStylesOptions) {
    this.#options = options;
  }

  /** @throws StudioError `style_not_found` */
  async places(caller: Caller, id: number): Promise<StyleOnServer[]> {
    const style = await readStyle(caller, this.#options.db.read, id);
    return hasFile(style) ? this.#options.delivery.places(this.#delivered(style)) : [];
  }

  /** Begins to send its file, where it is not yet there. @throws StudioError `style_not_found` */
  async send(caller: Caller, id: number): Promise<StyleOnServer[]> {
    const style = await readStyle(caller, this.#options.db.read, id);
    if (hasFile(style)) this.#options.delivery.send(this.#delivered(style));
    return this.places(caller, id);
  }

  /** After a training; null: it has no style any more. Never fails: the file is sent again when it is painted with. */
  async sendTrained(id: number | null): Promise<void> {
    if (id !== null) await this.send(SYSTEM, id).catch(() => undefined);
  }

  #delivered(style: Style): DeliveredStyle {
    return { style, open: () => openLora(this.#options.blobs, recipeStyleOf(style)) };
  }
}

const hasFile = ({ family, lora_path }: Style): boolean => family !== null && lora_path !== null;
