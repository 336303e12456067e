/** A video with the buttons of an animator: one frame on or back, speed, repetition, and the shown frame as a picture. */
import type { Frame, Task } from '@limner/contract';
import { Button, Select } from 'antd';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate } from 'react-router';
import { closeViewer, turnPicture } from '../../state/shown-picture.ts';
import { fpsOf, frameIndex, knownFps, stepFrame, takeFrame } from '../../state/video-frame.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { useSwipe } from '../../ui/use-swipe.ts';
import styles from './video-player.module.css';

const SPEEDS = [0.1, 0.25, 0.5, 1, 2];
/** Of the browser's own controls, at the foot of a video. */
const CONTROLS_PX = 72;

const isOnControls = ({ y }: { y: number }, video: Element): boolean =>
  y > video.getBoundingClientRect().bottom - CONTROLS_PX;

export function VideoPlayer({ task, frame, alt }: { task: Task; frame: Frame; alt: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const video = useRef<HTMLVideoElement>(null);
  const [isPlaying, setPlaying] = useState(false);
  const [shown, setShown] = useState(0);
  const [length, setLength] = useState((frame.output?.duration_ms ?? 0) / 1000);
  const [loop, setLoop] = useState(true);
  const [speed, setSpeed] = useState(1);
  const [taking, setTaking] = useState(false);
  const swipe = useSwipe((direction) => void turnPicture(direction), isOnControls);
  const { output } = frame;
  if (!output) return null;
  const fps = fpsOf(task, output);
  const isCounted = knownFps(task, output) !== null;
  const total = Math.max(1, Math.round(length * fps));
  const poster = frame.outputs.find(({ role }) => role === 'poster')?.url;
  const on = (act: (element: HTMLVideoElement) => void) => () => video.current && act(video.current);
  const step = (by: number) => on((element) => stepFrame(element, fps, by));
  const told = ({ currentTarget }: { currentTarget: HTMLVideoElement }) =>
    setShown(Math.min(total - 1, frameIndex(currentTarget.currentTime, fps)));
  const use = async () => {
    if (!video.current) return;
    setTaking(true);
    const name = `${output.file_name.replace(/\.\w+$/, '')}_${shown + 1}.png`;
    const isTaken = await takeFrame(video.current, name);
    setTaking(false);
    if (!isTaken) return;
    closeViewer();
    navigate('/');
  };
  return (
    <section className={styles.player} aria-label={t('video.player')}>
      <video
        // Lets a canvas read a frame.
        crossOrigin="anonymous"
        ref={video}
        className={styles.video}
        {...swipe}
        src={output.url}
        poster={poster}
        aria-label={alt}
        controls
        playsInline
        loop={loop}
        preload="auto"
        onLoadedMetadata={({ currentTarget: { duration } }) => {
          // The server does not understand every header.
          if (output.duration_ms === null && Number.isFinite(duration)) setLength(duration);
        }}
        onPlay={({ currentTarget }) => {
          currentTarget.playbackRate = speed;
          setPlaying(true);
        }}
        onPause={() => setPlaying(false)}
        onTimeUpdate={told}
        onSeeked={told}
      />
      <div className={styles.bar}>
        <IconButton icon="back" label={t('video.previousFrame')} onClick={step(-1)} />
        <IconButton
          icon={isPlaying ? 'pause' : 'play'}
          label={t(isPlaying ? 'video.pause' : 'video.play')}
          onClick={on((element) => void (isPlaying ? element.pause() : element.play()))}
        />
        <IconButton icon="right" label={t('video.nextFrame')} onClick={step(1)} />
        <span className={styles.count} aria-live="off">
          {isCounted
            ? t('video.frameOf', { n: shown + 1, total })
            : t('video.secondOf', { at: (shown / fps).toFixed(2), total: length.toFixed(2) })}
        </span>
        <Select
          aria-label={t('video.speed')}
          value={speed}
          options={SPEEDS.map((value) => ({ value, label: `${value} ×` }))}
          onChange={(value) => {
            setSpeed(value);
            if (video.current) video.current.playbackRate = value;
          }}
        />
        <IconButton icon="retry" label={t('video.loop')} pressed={loop} onClick={() => setLoop(!loop)} />
        <Button loading={taking} icon={<Icon name="image" />} onClick={() => void use()}>
          {t('video.useFrame')}
        </Button>
      </div>
    </section>
  );
}
