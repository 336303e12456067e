/** The port that brings LoRA files of styles to servers before they are painted with. */
import type { Style, StyleOnServer } from '@limner/contract';
import type { StoredFile } from './run-files.ts';

/** A style with a LoRA file of its own. */
export interface DeliveredStyle {
  style: Style;
  open(): Promise<StoredFile>;
}

export interface LoraDelivery {
  /** Begins to send the file to each ready server that paints with such styles. A failure is said by `places`. */
  send(style: DeliveredStyle): void;
  /** Every server with families that take the style. Empty for styles that no server paints with. */
  places(style: DeliveredStyle): Promise<StyleOnServer[]>;
}
