import { type Frame, layersOf, type Task } from '@limner/contract';
import { type RefObject, useEffect, useRef } from 'react';
import { closeViewer, turnPicture, turnTask } from '../../state/shown-picture.ts';
import { fpsOf, stepFrame } from '../../state/video-frame.ts';
import { GROUNDS } from '../../ui/grounds/grounds.ts';
import { useGround } from '../../ui/grounds/use-ground.ts';
import { ZOOM_STEP, type Zoom } from '../../ui/zoom/use-zoom.ts';
import { type PictureAction, usePictureActions } from '../pictures/use-picture-actions.ts';

import { runFromViewer } from './viewer-foot.tsx';

/** The panel beside the picture. */
export type Aside = 'details' | 'keys' | 'layers' | null;

interface ViewerKeysOptions {
  task: Task;
  frame: Frame;
  root: RefObject<HTMLElement | null>;
  zoom: Zoom;
  aside: Aside;
  setAside: (aside: Aside) => void;
  setHeld: (held: boolean) => void;
  /** Null: the file is no picture, or its layers are shown. */
  toggleTiles: (() => void) | null;
}

/** Handled before the page's shortcuts, unless a layer above the viewer has the focus. */
export function useViewerKeys(options: ViewerKeysOptions): void {
  const actions = usePictureActions(options.task, options.frame);
  const latest = useRef({ ...options, actions });
  latest.current = { ...options, actions };
  useEffect(() => {
    const isOurs = (target: EventTarget | null) =>
      target === document.body || Boolean(latest.current.root.current?.contains(target as Node));
    const pressed = (event: KeyboardEvent) => {
      // Selected text is copied instead of the picture.
      const copies = (event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'c';
      if (copies && isOurs(event.target) && String(getSelection() ?? '') === '') {
        event.preventDefault();
        latest.current.actions.find(({ id }) => id === 'copyPicture')?.run();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || !isOurs(event.target)) return;
      const isButton = event.target instanceof HTMLButtonElement;
      if (usesKeyItself(event)) return;
      if (event.key === 'Tab' || (isButton && presses(event.key, latest.current.root.current))) return;
      event.stopPropagation();
      if (answer(event.key, latest.current)) event.preventDefault();
    };
    const released = (event: KeyboardEvent) => {
      if (event.key === ' ') latest.current.setHeld(false);
    };
    const lost = () => latest.current.setHeld(false);
    addEventListener('keydown', pressed, true);
    addEventListener('keyup', released, true);
    addEventListener('blur', lost);
    return () => {
      removeEventListener('keydown', pressed, true);
      removeEventListener('keyup', released, true);
      removeEventListener('blur', lost);
    };
  }, []);
}

/** Keys that press a button. Space is held to see the source of a picture; a video has none, and buttons of its own. */
const presses = (key: string, root: HTMLElement | null): boolean =>
  key === 'Enter' || (key === ' ' && root?.querySelector('video') != null);

/** A field takes every key but Escape, an open list that one too; `data-own-keys` names those of other elements. */
function usesKeyItself({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[aria-expanded="true"]')) return true;
  if (target instanceof HTMLInputElement) return key !== 'Escape';
  const own = target.closest<HTMLElement>('[data-own-keys]')?.dataset.ownKeys ?? '';
  return own.split(' ').includes(key);
}

function answer(key: string, options: ViewerKeysOptions & { actions: PictureAction[] }): boolean {
  const { zoom, aside, setAside, setHeld, toggleTiles, actions } = options;
  const toggle = (which: Aside) => setAside(aside === which ? null : which);
  const video = options.root.current?.querySelector('video') ?? null;
  const own: Record<string, () => void> = {
    ArrowLeft: () => void turnPicture(-1),
    ArrowRight: () => void turnPicture(1),
    ArrowUp: () => void turnTask(-1),
    ArrowDown: () => void turnTask(1),
    ' ': () => setHeld(true),
    '+': () => zoom.by(ZOOM_STEP),
    '=': () => zoom.by(ZOOM_STEP),
    '-': () => zoom.by(1 / ZOOM_STEP),
    '0': zoom.fit,
    '1': zoom.actual,
    b: nextGround,
    t: () => toggleTiles?.(),
    i: () => toggle('details'),
    ...(layersOf(options.frame.outputs).length > 0 && { l: () => toggle('layers') }),
    '?': () => toggle('keys'),
    Escape: () => (aside ? setAside(null) : closeViewer()),
    ...(video ? videoKeys(video, fpsOf(options.task, options.frame.output)) : {}),
  };
  const name = key === 'Delete' ? 'Backspace' : key.length === 1 ? key.toLowerCase() : key;
  const action = actions.find((candidate) => candidate.key === name);
  if (!own[name] && !action) return false;
  if (own[name]) own[name]();
  else if (action) runFromViewer(action);
  return true;
}

const videoKeys = (video: HTMLVideoElement, fps: number) => ({
  ',': () => stepFrame(video, fps, -1),
  '.': () => stepFrame(video, fps, 1),
  ' ': () => void (video.paused ? video.play() : video.pause()),
});

function nextGround(): void {
  const { ground } = useGround.getState();
  const at = (GROUNDS as readonly string[]).indexOf(ground);
  useGround.setState({ ground: GROUNDS[(at + 1) % GROUNDS.length] ?? 'checkerboard' });
}
