import type { Language, ServerNotice, TaskEvent } from '@limner/contract';
import type { WriteJson } from '../base-path.ts';
import { localized } from '../language.ts';

/** An event serialised for the wire, once per language for all clients. */
export class Packed {
  readonly #bytes: Partial<Record<Language, Buffer>> = {};
  readonly event: TaskEvent;
  readonly #write: WriteJson;

  constructor(event: TaskEvent, write: WriteJson = JSON.stringify) {
    this.event = event;
    this.#write = write;
  }

  in(language: Language): Buffer {
    this.#bytes[language] ??= Buffer.from(this.#write(localized(this.event, language)));
    return this.#bytes[language];
  }
}

export const packNotice = (notice: ServerNotice): Buffer => Buffer.from(JSON.stringify(notice));
