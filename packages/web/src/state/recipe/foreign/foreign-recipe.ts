import type { Lora } from '@limner/contract';
import type { PictureTexts } from '../texts/picture-texts.ts';

/** What a picture of another program says of its making. */
export interface ForeignRecipe {
  prompt: string;
  negative: string;
  loras: Lora[];
  /**
   * Under A1111's names where it has one, in the order of the picture's text. Settings without a counterpart are told to
   * the user, so facts about the file (versions, hashes, dates) are left out.
   */
  settings: Map<string, string>;
  /** It was made of a picture that the file does not contain. */
  madeOf?: 'picture' | 'picture and mask';
  /** The picture's own recipe is damaged; this is what another of its texts says. */
  isBesideDamaged?: boolean;
}

/** One program's reader; null for texts that are not its own. Pure. */
export type ReadForeign = (texts: PictureTexts) => ForeignRecipe | null;
