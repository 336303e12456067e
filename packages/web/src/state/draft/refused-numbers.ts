/** Texts of number fields that are no valid number, by the name of the field. Nothing is sent while there is one. */
import { create } from 'zustand';

type Refused = Partial<Record<string, string>>;

export const useRefusedNumbers = create<Refused>(() => ({}));

/** null: the field is valid. */
export const refuseNumber = (name: string, text: string | null): void =>
  useRefusedNumbers.setState({ [name]: text ?? undefined });

export const anyRefused = (refused: Refused): boolean =>
  Object.values(refused).some((text) => text !== undefined);
