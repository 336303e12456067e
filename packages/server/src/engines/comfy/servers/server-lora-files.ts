/**
 * Brings the LoRA files of styles to the servers before they are painted with, and says where they are. Nothing is stored:
 * each server is asked what it lists, so every process gives the same answer, but for an upload of another one.
 */
import {
  type Bilingual,
  type RecipeStyle,
  recipeStyleOf,
  type Style,
  type StyleOnServer,
} from '@limner/contract';
import { toStudioError } from '../../../error.ts';
import type { DeliveredStyle, LoraDelivery } from '../../lora-delivery.ts';
import type { ComfyFamily } from '../families/family.ts';
import { uploadTooLarge } from '../link/client-errors.ts';
import { LORA_FOLDER, loraFileName } from '../own-lora.ts';
import { listedName } from '../server-info.ts';
import { awayMissing } from './health.ts';
import type { Member } from './pool.ts';
import type { ComfyServer } from './server.ts';

export interface ServerLoraFilesOptions {
  members(): readonly Member[];
  families(): readonly ComfyFamily[];
  /** Those that take work now. */
  ready(): readonly Member[];
}

export class ServerLoraFiles implements LoraDelivery {
  readonly #options: ServerLoraFilesOptions;

  constructor(options: ServerLoraFilesOptions) {
    this.#options = options;
  }

  send({ style, open }: DeliveredStyle): void {
    const sent = recipeStyleOf(style);
    for (const { server } of this.#painters(style, this.#options.ready()))
      server.inBackground(resent(server, sent, open).catch(() => undefined));
  }

  places({ style, open }: DeliveredStyle): Promise<StyleOnServer[]> {
    const { members, families } = this.#options;
    if (!families().some(({ spec }) => style.families.includes(spec.id))) return Promise.resolve([]);
    return Promise.all(members().map((member) => this.#place(member, style, open)));
  }

  async #place(member: Member, style: Style, open: DeliveredStyle['open']): Promise<StyleOnServer> {
    const { server, config } = member;
    const at = (state: StyleOnServer['state'], note: Bilingual | null = null) => ({
      server: config.name,
      state,
      note,
    });
    const sent = recipeStyleOf(style);
    if (!this.#options.ready().includes(member)) return at('waiting', awayMissing(member)[0]?.cure ?? null);
    if (server.loras.isSending(sent)) return at('sending');
    const listed = await server.client.modelNames('loras').catch(() => []);
    if (listedName(listed, nameOn(sent))) return at('ready');
    const limit = server.uploads.limitBytes;
    if (limit !== null && (await open()).sizeBytes > limit)
      return at('refused', sentence(uploadTooLarge(server.client.server, limit)));
    const failure = server.loras.failureOf(sent);
    if (failure !== null) return at('refused', sentence(failure));
    if (this.#painters(style, [member]).length === 0) return at('waiting', noModel(config.name));
    return at('waiting', whenPainted(config.name));
  }

  #painters(style: Style, members: readonly Member[]): Member[] {
    const families = this.#options.families().filter(({ spec }) => style.families.includes(spec.id));
    return members.filter(({ server }) =>
      families.some((family) => family.missing(server.knownInfo).length === 0),
    );
  }
}

/** Its file may have been deleted from the server since. */
async function resent(
  { loras }: ComfyServer,
  style: RecipeStyle,
  open: DeliveredStyle['open'],
): Promise<void> {
  if (!loras.isSending(style)) loras.forget();
  await loras.put(style, open);
}

const nameOn = (style: RecipeStyle): string => `${LORA_FOLDER}/${loraFileName(style)}`;

function sentence(error: unknown): Bilingual {
  const known = toStudioError(error);
  return { en: known.body('en').message, zh: known.body('zh').message };
}

const whenPainted = (name: string): Bilingual => ({
  en: `It is sent when ${name} first paints with this style.`,
  zh: `${name} 首次用此风格出图时会发送。`,
});

const noModel = (name: string): Bilingual => ({
  en: `${name} lacks the model that this style is for. It is sent when ${name} can paint with it.`,
  zh: `${name} 缺少此风格所需的模型；能用它出图时会发送。`,
});
