/**
 * The viewer: a picture at window size with zoom, backgrounds, comparison and all actions. The page below is inert;
 * menus and the comparison open above it.
 */
import { type Frame, isPictureType, layersOf, type Task } from '@limner/contract';
import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { frameAt, picturesOf, placeAmong } from '../../state/frames.ts';
import { closeViewer, leavePicture, leaveTask, useViewer } from '../../state/shown-picture.ts';
import { loadTask, useTasks } from '../../state/tasks.ts';
import { PHONE, useMedia } from '../../ui/use-media.ts';
import { useRoom, useZoom } from '../../ui/zoom/use-zoom.ts';
import { LayersPanel } from './layers/layers-panel.tsx';
import { useOther } from './other-picture.ts';
import { type Aside, useViewerKeys } from './use-viewer-keys.ts';
import styles from './viewer.module.css';
import { ViewerBar } from './viewer-bar.tsx';
import { ViewerDetails } from './viewer-details.tsx';
import { ViewerFoot } from './viewer-foot.tsx';
import { ViewerKeys } from './viewer-keys.tsx';
import { ViewerPicture } from './viewer-picture.tsx';

export default function Viewer() {
  const shown = useViewer((state) => state.shown);
  const task = useTasks((state) => (shown ? state.entries[shown.task]?.detail : null)) ?? null;
  useEffect(() => {
    if (shown) void loadTask(shown.task).catch(() => closeViewer());
  }, [shown]);
  useLeftWithoutTask(shown?.task ?? null, task);
  const frame = shown && frameAt(task, shown.frame, shown.place);
  const wasTakenDown = task !== null && !frame;
  useEffect(() => {
    if (wasTakenDown) void leavePicture();
  }, [wasTakenDown]);
  return task && frame ? <Open task={task} frame={frame} /> : null;
}

/** The task was deleted, here or in another window. */
function useLeftWithoutTask(id: number | null, task: Task | null): void {
  const had = useRef<number | null>(null);
  useEffect(() => {
    if (task) had.current = task.id;
    else if (id !== null && had.current === id) void leaveTask();
  }, [id, task]);
}

function Open({ task, frame }: { task: Task; frame: Frame }) {
  const { t } = useTranslation();
  const root = useRef<HTMLDivElement>(null);
  const room = useRef<HTMLDivElement>(null);
  const [chosen, setAside] = useState<Aside>(null);
  const [held, setHeld] = useState(false);
  const [tiled, setTiled] = useState(false);
  // Turned to a picture without layers, their panel is closed.
  const aside = chosen === 'layers' && layersOf(frame.outputs).length === 0 ? null : chosen;
  const inLayers = aside === 'layers';
  const canTile = !inLayers && frame.output !== null && isPictureType(frame.output.media_type);
  const tiles = tiled && canTile ? TILES : 1;
  const zoom = useZoom(sizeOf(task, frame, tiles), useRoom(room));
  const other = useOther(task);
  const phone = useMedia(PHONE);
  useFocusWithin(root);
  const toggleTiles = canTile ? () => setTiled(!tiled) : null;
  useViewerKeys({ task, frame, root, zoom, aside, setAside, setHeld, toggleTiles });
  return (
    <div
      ref={root}
      className={styles.viewer}
      data-viewer
      role="dialog"
      aria-modal="true"
      aria-label={t('viewer.title', { n: placeAmong(task, frame), total: picturesOf(task).length })}
      tabIndex={-1}
    >
      <ViewerBar {...{ task, frame, zoom, aside, toggleTiles }} isTiled={tiles > 1} onAside={setAside} />
      <div className={styles.middle} data-stacked={inLayers}>
        <ViewerPicture
          room={room}
          task={task}
          frame={frame}
          zoom={zoom}
          tiles={tiles}
          other={other}
          held={held}
          onHold={setHeld}
          inLayers={inLayers}
        />
        {inLayers && <LayersPanel task={task} frame={frame} />}
        {aside === 'details' && <ViewerDetails task={task} frame={frame} />}
        {aside === 'keys' && <ViewerKeys onClose={() => setAside(null)} />}
      </div>
      {!(phone && inLayers) && <ViewerFoot task={task} frame={frame} />}
    </div>
  );
}

/** Rows and columns in which a picture is laid beside itself, to see whether its edges meet. */
const TILES = 3;

function sizeOf(task: Task, { output }: Frame, tiles: number) {
  const [width, height] = [output?.width ?? task.width ?? 1, output?.height ?? task.height ?? 1];
  return { width: tiles * width, height: tiles * height };
}

/** Traps the focus and returns it to the tile. */
function useFocusWithin(root: RefObject<HTMLDivElement | null>): void {
  useEffect(() => {
    const from = document.activeElement as HTMLElement | null;
    const page = document.querySelector<HTMLElement>('[data-page]');
    // After the focus moved, because an inert element loses it.
    if (page) page.inert = true;
    root.current?.focus();
    return () => {
      if (page) page.inert = false;
      if (from?.isConnected) from.focus();
    };
  }, [root]);
}
