/** Two pictures to compare: the second choice opens the comparison. */
import i18next from 'i18next';
import { create } from 'zustand';
import { dismiss, notify } from './notices.ts';
import type { PictureRef } from './picture-ref.ts';

interface Compare {
  first: PictureRef | null;
  second: PictureRef | null;
}

export const useCompare = create<Compare>(() => ({ first: null, second: null }));

/** The notice that asks for the second one. */
let asked = 0;

export function chooseForCompare(picture: PictureRef): void {
  const { first } = useCompare.getState();
  const same = first?.task === picture.task && first.frame === picture.frame && first.place === picture.place;
  dismiss(asked);
  if (first && !same) useCompare.setState({ second: picture });
  else {
    useCompare.setState({ first: picture, second: null });
    asked = notify({ text: i18next.t('compare.pickSecond'), tone: 'news' });
  }
}

export const endCompare = (): void => useCompare.setState({ first: null, second: null });
