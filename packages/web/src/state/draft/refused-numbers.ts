/** Texts of number fields that are no valid number. Nothing is sent while there is one. */
import { create } from 'zustand';

export type NumberName = 'width' | 'height' | 'count';

export const useRefusedNumbers = create<Partial<Record<NumberName, string>>>(() => ({}));

/** null: the field is valid. */
export const refuseNumber = (name: NumberName, text: string | null): void =>
  useRefusedNumbers.setState({ [name]: text ?? undefined });

export const anyRefused = (refused: Partial<Record<NumberName, string>>): boolean =>
  Object.values(refused).some((text) => text !== undefined);
