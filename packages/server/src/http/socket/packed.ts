import type { Language, ServerNotice, TaskEvent } from '@limner/contract';
import { localized } from '../language.ts';

/** An event serialised for the wire, once per language for all clients. */
export class Packed {
  readonly #bytes: Partial<Record<Language, Buffer>> = {};
  readonly event: TaskEvent;

  constructor(event: TaskEvent) {
    this.event = event;
  }

  in(language: Language): Buffer {
    this.#bytes[language] ??= Buffer.from(JSON.stringify(localized(this.event, language)));
    return this.#bytes[language];
  }
}

export const packNotice = (notice: ServerNotice): Buffer => Buffer.from(JSON.stringify(notice));
