/**
 * The editor of mask and frame, at window size. The mask is a picture of the input's own size, white where the model may
 * paint and grey where it may paint a little; the frame adds pixels around the input. Both reach the form when it is done.
 */
import { extendsNothing } from '@limner/contract';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { compose, type Picture, useDraft } from '../../../../state/draft/draft.ts';
import { whileUploading } from '../../../../state/draft/uploads.ts';
import { closeMaskEditor, editMask, type MaskTool } from '../../../../state/mask-editing.ts';
import { useBackEntry } from '../../../../ui/use-back-entry.ts';
import { uploadPicture } from '../take-input-file.ts';
import { EditorBar } from './editor-bar.tsx';
import { NO_FRAME, NO_MARGINS } from './frame.ts';
import { dropRefusedFrame, useFrameRefused } from './frame-fields.ts';
import { FrameHandles } from './frame-handles.tsx';
import { FramePanel } from './frame-panel.tsx';
import styles from './mask-editor.module.css';
import { maskFile } from './mask-files.ts';
import { type Brush, MaskPanel, resized } from './mask-panel.tsx';
import { useFrame } from './use-frame.ts';
import { useMaskWork } from './use-mask-work.ts';
import { type MaskState, usePlane } from './use-plane.ts';
import { useStage } from './use-stage.ts';
import { useView } from './use-view.ts';

interface MaskEditorProps {
  picture: Picture;
  tool: MaskTool;
  /** Sides of an extended picture are multiples of this; null: no model here extends. */
  step: number | null;
}

export default function MaskEditor({ picture, tool, step }: MaskEditorProps) {
  const { t } = useTranslation();
  const dialog = useRef<HTMLDialogElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const stage = useRef<HTMLDivElement>(null);
  const held = useDraft((state) => state.mask);
  const [brush, setBrush] = useState<Brush>({ size: 8, hardness: 70, shade: 60 });
  const [before] = useState(() => useDraft.getState().outpaint ?? NO_FRAME);
  const frame = useFrame(picture, step ?? 1, before, (...change) => mask.addFrame(...change));
  const { frame: outpaint, settled } = frame;
  const { actions, busy, problem, onProblem } = useMaskWork(picture, () => mask);
  const mask = usePlane(canvas, picture, held, onProblem, (next) => {
    frame.show(next);
    // What is undone is in sight.
    if (step !== null) editMask('extend');
  });
  useEffect(() => {
    const element = dialog.current;
    element?.showModal?.();
    return () => element?.close?.();
  }, []);

  const [keeping, setKeeping] = useState(false);
  const isFraming = tool === 'extend' && step !== null;
  const isBusy = busy !== null || keeping || !mask.ready;
  const { zoom, origin, place } = useView(stage, picture, settled, isFraming);
  const radius = (brush.size / 200) * Math.max(picture.width, picture.height);
  const { handlers, pans, tip } = useStage({
    ...{ stage, zoom, tool, mask, origin, radius },
    hardness: brush.hardness / 100,
  });

  const isRefused = useFrameRefused();
  const history = {
    ...mask,
    canUndo: mask.canUndo || isRefused,
    undo: () => {
      // A refused text is taken back with the number that was typed before it.
      if (isRefused) dropRefusedFrame();
      if (isRefused && !mask.isTyping()) return;
      if (!frame.takeBack()) mask.undo();
    },
    redo: () => frame.isDragged() || mask.redo(),
  };
  /** False: it stays open. */
  const done = async (): Promise<boolean> => {
    if (isBusy || isRefused) return false;
    compose({ outpaint: extendsNothing(outpaint) ? null : outpaint });
    setKeeping(true);
    const isKept = await keepMask(mask, picture).catch((error: unknown) => onProblem(error));
    setKeeping(false);
    // What was painted stays open until it is stored.
    if (isKept) closeMaskEditor();
    return isKept === true;
  };
  useBackEntry(mask.canUndo || mask.canRedo, done);
  const pressed = (event: KeyboardEvent) => {
    if (event.altKey || isBusy) return;
    const key = event.key.toLowerCase();
    const isCommand = event.metaKey || event.ctrlKey;
    const isTyping = event.target instanceof Element && event.target.closest('input') !== null;
    if (isCommand && key === 'z' && !event.shiftKey) history.undo();
    else if (isCommand && (key === 'y' || key === 'z')) history.redo();
    else if (isCommand || isTyping) return;
    else if (key === '[' || key === ']') setBrush(resized(brush, key === ']' ? 1 : -1));
    else if (key === 'b' || key === 'e') editMask(key === 'b' ? 'paint' : 'erase');
    else return;
    event.preventDefault();
  };
  const onPicture = place(NO_MARGINS);
  return (
    <dialog
      ref={dialog}
      className={styles.editor}
      aria-label={t('mask.title')}
      onKeyDown={pressed}
      onCancel={(event) => {
        event.preventDefault();
        void done();
      }}
      // A browser closes it by itself at the second Escape.
      onClose={({ currentTarget }) => !currentTarget.open && closeMaskEditor()}
      // Files that are dropped here are not for the page behind it.
      onDragOver={(event) => event.stopPropagation()}
      onDrop={(event) => {
        event.preventDefault();
        event.stopPropagation();
      }}
    >
      <EditorBar
        {...{ tool, history, zoom, isBusy, isRefused }}
        canExtend={step !== null}
        onDone={() => void done()}
      />
      <div className={styles.middle}>
        <div
          ref={stage}
          className={`${styles.stage} checkerboard`}
          data-pans={pans}
          {...(isBusy ? {} : handlers)}
        >
          {isFraming && (
            <img className={styles.soft} src={picture.url} alt="" draggable={false} style={place(outpaint)} />
          )}
          <img src={picture.url} alt={t('composer.input')} draggable={false} style={onPicture} />
          <canvas
            ref={canvas}
            width={picture.width}
            height={picture.height}
            role="img"
            aria-label={t('composer.mask')}
            style={{ ...onPicture, opacity: brush.shade / 100 }}
          />
          {!pans && <div ref={tip} className={styles.tip} hidden />}
          {isFraming && (
            <FrameHandles
              {...{ picture, step }}
              margins={outpaint}
              scale={zoom.placement.scale}
              style={place(outpaint)}
              onMove={frame.drag}
            />
          )}
        </div>
        <aside className={styles.panel}>
          {problem !== null && (
            <p role="alert" className={styles.problem}>
              {problem}
            </p>
          )}
          {busy !== null && <p role="status">{busy}</p>}
          {isFraming ? (
            <FramePanel {...{ picture, outpaint, step }} onChange={frame.choose} onTyped={mask.endTyping} />
          ) : (
            <MaskPanel
              brush={brush}
              onBrush={(change) => setBrush({ ...brush, ...change })}
              actions={actions}
              disabled={isBusy}
            />
          )}
        </aside>
      </div>
    </dialog>
  );
}

/** Into the form, as a picture. False: it could not be stored, and a notice has said so. */
async function keepMask(mask: MaskState, { ref }: Picture): Promise<boolean> {
  if (!mask.isPainted) return true;
  if (mask.isEmpty) {
    compose({ mask: null });
    return true;
  }
  const sent: { picture: Picture | null } = { picture: null };
  await whileUploading(async () => {
    sent.picture = await uploadPicture(await maskFile(mask.plane()));
  });
  const { picture } = sent;
  if (picture && useDraft.getState().input?.ref === ref) compose({ mask: picture });
  return picture !== null;
}
