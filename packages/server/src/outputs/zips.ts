/**
 * Archives of pictures. A request only fixes the list of pictures. A picture with a missing file is omitted and listed in
 * `MISSING.txt`. `CREDITS.txt` lists what made each picture and the works it uses.
 */
import { randomBytes } from 'node:crypto';
import { type Caller, type Pictures, StudioError, type Zip } from '@limner/contract';
import type { Reader } from '../db/database.ts';
import type { Blobs } from '../storage/blobs.ts';
import { type ChosenPicture, chosenPictures } from './chosen.ts';
import { CREDITS_NAME, creditsText } from './credits.ts';
import type { NameOf } from './file-names.ts';
import { MISSING_NAME, missingText, presenceOf } from './missing-pictures.ts';
import { type MadeZip, StoredZip } from './stored-zip.ts';

/** Long enough to start a download, or to resume an interrupted one. */
const OFFERED_MS = 15 * 60_000;
const MAX_OFFERS = 200;

interface Offer {
  /** Id of the caller it was made for. */
  caller: string;
  chosen: Pictures;
  untilMs: number;
}

export interface OpenArchive extends MadeZip {
  name: string;
}

/** Offers live in memory, as requests: they are lost at a restart, and the pictures are chosen again when one is opened. */
export class Zips {
  readonly #db: Reader;
  readonly #blobs: Blobs;
  readonly #nameOf: NameOf;
  readonly #offers = new Map<string, Offer>();

  constructor(db: Reader, blobs: Blobs, nameOf: NameOf) {
    this.#db = db;
    this.#blobs = blobs;
    this.#nameOf = nameOf;
  }

  async offer(caller: Caller, chosen: Pictures): Promise<Zip> {
    const pictures = await chosenPictures(caller, this.#db, chosen, this.#nameOf);
    this.#forgetOld();
    const id = randomBytes(16).toString('hex');
    const untilMs = Date.now() + OFFERED_MS;
    this.#offers.set(id, { caller: caller.id, chosen, untilMs });
    return {
      id,
      url: `/api/outputs/zip/${id}`,
      name: nameOf(pictures),
      pictures: pictures.length,
      size_bytes: pictures.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
      expires_at: new Date(untilMs).toISOString(),
    };
  }

  /** @throws StudioError `zip_gone`, `zip_empty` */
  async open(caller: Caller, id: string): Promise<OpenArchive> {
    this.#forgetOld();
    const offer = this.#offers.get(id);
    if (offer?.caller !== caller.id) throw new StudioError('zip_gone');
    return this.#archive(await chosenPictures(caller, this.#db, offer.chosen, this.#nameOf));
  }

  /** @throws StudioError `zip_empty` */
  async ofTask(caller: Caller, id: number): Promise<OpenArchive> {
    const pictures = await chosenPictures(caller, this.#db, { tasks: [id], outputs: [] }, this.#nameOf);
    return this.#archive(pictures);
  }

  async #archive(pictures: ChosenPicture[]): Promise<OpenArchive> {
    const { present, missing } = await presenceOf(this.#blobs, pictures);
    const zip = new StoredZip();
    for (const { fileName: name, sizeBytes, completedMs, file } of present)
      zip.add({ name, sizeBytes, mtime: new Date(completedMs), open: () => this.#blobs.stream(file) });
    if (present.length > 0) {
      // A fixed date, so that the same archive has the same bytes.
      const mtime = new Date(Math.max(...present.map(({ completedMs }) => completedMs)));
      zip.addBytes(CREDITS_NAME, Buffer.from(creditsText(present)), mtime);
    }
    if (missing.length > 0) zip.addBytes(MISSING_NAME, Buffer.from(missingText(missing)), new Date());
    return { name: nameOf(pictures), ...(await zip.end()) };
  }

  #forgetOld(): void {
    for (const [id, { untilMs }] of this.#offers) {
      if (untilMs < Date.now() || this.#offers.size > MAX_OFFERS) this.#offers.delete(id);
    }
  }
}

/** `limner-431.zip` for the pictures of one task, otherwise the tasks it spans: `limner-12-431.zip`. */
function nameOf(pictures: ChosenPicture[]): string {
  const [first, last] = [pictures[0]?.task, pictures.at(-1)?.task];
  return first === last ? `limner-${first}.zip` : `limner-${first}-${last}.zip`;
}
