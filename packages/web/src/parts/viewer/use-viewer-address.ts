/** The viewer's picture is in the address by its id: `?viewer=12_0`, or `12_0_1`. */
import { useEffect, useRef } from 'react';
import type { PictureRef } from '../../state/picture-ref.ts';
import { closeViewer, openPicture, useViewer } from '../../state/shown-picture.ts';
import { useLayer } from '../../ui/layers.ts';

const nameOf = (picture: PictureRef | null): string | null =>
  picture && `${picture.task}_${picture.frame}${picture.place ? `_${picture.place}` : ''}`;

function pictureNamed(name: string | null): PictureRef | null {
  const [, task, frame, place] = /^(\d{1,15})_(\d{1,9})(?:_(\d{1,4}))?$/.exec(name ?? '') ?? [];
  if (!task) return null;
  const picture = { task: Number(task), frame: Number(frame) };
  return place === undefined ? picture : { ...picture, place: Number(place) };
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
