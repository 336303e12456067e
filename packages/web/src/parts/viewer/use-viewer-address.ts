/** The viewer's picture is in the address by its id: `?viewer=12_0`, or `12_0_1`. */
import { outputId, parseOutputId } from '@limner/contract';
import { useEffect, useRef } from 'react';
import type { PictureRef } from '../../state/picture-ref.ts';
import { closeViewer, openPicture, useViewer } from '../../state/shown-picture.ts';
import { useLayer } from '../../ui/layers.ts';

const nameOf = (picture: PictureRef | null): string | null =>
  picture && outputId({ ...picture, place: picture.place ?? 0 });

function pictureNamed(name: string | null): PictureRef | null {
  const output = parseOutputId(name ?? '');
  if (!output) return null;
  const { task, frame, place } = output;
  return place === 0 ? { task, frame } : { task, frame, place };
}

export function useViewerAddress(): void {
  const { params, show } = useLayer('viewer');
  const inAddress = params.get('viewer');
  const shown = nameOf(useViewer((state) => state.shown));
  /** Addresses written here that the router has not rendered yet. They are ignored, so that an older one does not undo quick steps. */
  const written = useRef<(string | null)[]>([]);
  // Synchronises address and store in both directions.
  useEffect(() => {
    const isOwn = written.current.includes(inAddress);
    if (!isOwn || written.current.at(-1) === inAddress) written.current = [];
    if (isOwn || nameOf(useViewer.getState().shown) === inAddress) return;
    const picture = pictureNamed(inAddress);
    if (picture) openPicture(picture);
    else closeViewer();
  }, [inAddress]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the store is read anew, for the effect above may have set it
  useEffect(() => {
    const name = nameOf(useViewer.getState().shown);
    if (name === new URLSearchParams(location.search).get('viewer')) return;
    written.current.push(name);
    show(name ? { viewer: name } : null);
  }, [shown, show]);
}
