import type { Frame, Task } from '@limner/contract';
import { type CSSProperties, memo, useCallback, useDeferredValue, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { FrameTile } from '../../../parts/pictures/frame-tile.tsx';
import { PictureTools } from '../../../parts/pictures/picture-tools.tsx';
import { pictureKey, pictureNumber, picturesOf, refTo } from '../../../state/frames.ts';
import type { PictureRef } from '../../../state/picture-ref.ts';
import { openPicture } from '../../../state/shown-picture.ts';
import { useTasks } from '../../../state/tasks.ts';
import { Provenance } from '../../../ui/pictures/provenance.tsx';
import { Ticks } from '../../../ui/pictures/ticks.tsx';
import styles from './task-block.module.css';
import { TaskHeading } from './task-heading.tsx';

/** Of a task that made no picture, such as a workflow that only writes a file. */
const RATIO_OF_WORDS = 5;

interface TaskBlockProps {
  id: number;
  phone: boolean;
  onOpen: (shown: PictureRef) => void;
}

/** One task on the wall: one large picture with a strip for a few finished ones, a grid otherwise. */
export const TaskBlock = memo(function TaskBlock({ id, phone, onOpen }: TaskBlockProps) {
  // Renders progress of many pictures as a transition, so that keys are handled in between.
  const task = useDeferredValue(useTasks((state) => state.entries[id]?.detail));
  const openTask = useCallback(() => onOpen({ task: id, frame: 0 }), [onOpen, id]);
  if (!task) return null;
  // Opens a picture in the viewer, and a frame without one in the task detail.
  const open = (frame: Frame) => {
    const picture = refTo(task, frame);
    if (frame.output) openPicture(picture);
    else onOpen(picture);
  };
  const pictures = picturesOf(task);
  const finished = pictures.every((frame) => frame.output);
  // A single picture has its final place from the start; a few move to the large layout when all are finished.
  const isLarge = phone || pictures.length === 1 || (finished && pictures.length <= 4);
  const ratio = { '--ratio': ratioOf(task) } as CSSProperties;
  return (
    <article className={styles.task} style={ratio}>
      <TaskHeading task={task} onOpen={openTask} />
      {(task.status === 'running' || task.status === 'queued') && task.total_frames > 1 && (
        <Ticks frames={task.frames} />
      )}
      {isLarge ? (
        <LargePicture task={task} phone={phone} onOpen={open} />
      ) : (
        <Grid task={task} onOpen={open} />
      )}
    </article>
  );
});

/** Aspect ratio of every tile of the task. */
function ratioOf(task: Task): number {
  if (task.status === 'completed' && task.frames.every((frame) => !frame.output)) return RATIO_OF_WORDS;
  const output = task.frames.find((frame) => frame.output)?.output;
  const width = task.width ?? output?.width;
  const height = task.height ?? output?.height;
  return width && height ? width / height : 1;
}

function Grid({ task, onOpen }: { task: Task; onOpen: (frame: Frame) => void }) {
  const { t } = useTranslation();
  const pictures = picturesOf(task);
  const few = pictures.length <= 3 ? pictures.length : 4;
  return (
    <div className={styles.grid} data-columns={Math.max(2, few)}>
      {pictures.map((frame) => (
        <FrameTile
          key={pictureKey(frame)}
          task={task}
          frame={frame}
          width={240}
          numbered={pictures.length > 4}
          label={t('tile.open', { n: pictureNumber(frame) })}
          onOpen={() => onOpen(frame)}
        />
      ))}
    </div>
  );
}

/** The chosen picture large, the others beside it; on a phone below it, under its row of tools. */
function LargePicture({
  task,
  phone,
  onOpen,
}: {
  task: Task;
  phone: boolean;
  onOpen: (frame: Frame) => void;
}) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState<string | null>(null);
  const pictures = picturesOf(task);
  const chosen = pictures.find((frame) => pictureKey(frame) === picked) ?? firstShown(pictures);
  if (!chosen) return null;
  const rest = phone ? pictures : pictures.filter((frame) => frame !== chosen);
  return (
    <>
      <div className={styles.large} data-alone={pictures.length === 1}>
        <FrameTile
          task={task}
          frame={chosen}
          width={phone ? 390 : 640}
          tools={!phone}
          label={t('tile.open', { n: pictureNumber(chosen) })}
          onOpen={() => onOpen(chosen)}
        />
        {phone && chosen.output && <PictureTools task={task} frame={chosen} row />}
        {pictures.length > 1 && (
          <div className={styles.rest}>
            {rest.map((frame) => (
              <FrameTile
                key={pictureKey(frame)}
                task={task}
                frame={frame}
                width={210}
                tools={!phone}
                selected={phone && frame === chosen}
                label={t('tile.choose', { n: pictureNumber(frame) })}
                onOpen={() => setPicked(pictureKey(frame))}
              />
            ))}
          </div>
        )}
      </div>
      <Provenance frame={chosen} />
    </>
  );
}

/** Finished pictures before running ones, running before waiting ones. */
function firstShown(frames: Frame[]): Frame | undefined {
  return (
    frames.find((frame) => frame.output) ?? frames.find((frame) => frame.status === 'running') ?? frames[0]
  );
}
