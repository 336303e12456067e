import { type Frame, isPictureType, type Size, type Task } from '@limner/contract';
import { Button } from 'antd';
import { type CSSProperties, type RefObject, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { pictureNumber } from '../../state/frames.ts';
import { turnPicture } from '../../state/shown-picture.ts';
import { downloadPicture } from '../../state/task-actions.ts';
import { groundStyle } from '../../ui/grounds/grounds.ts';
import { useGround } from '../../ui/grounds/use-ground.ts';
import { Icon } from '../../ui/icon.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { FileTile } from '../../ui/pictures/file-tile.tsx';
import { thumbUrl } from '../../ui/pictures/thumb.tsx';
import { useTaskTitle } from '../../ui/use-task-title.ts';
import type { Zoom } from '../../ui/zoom/use-zoom.ts';
import { ZoomRoom } from '../../ui/zoom/zoom-room.tsx';
import { LayerStack } from './layers/layer-stack.tsx';
import type { OtherPicture } from './other-picture.ts';
import { VideoPlayer } from './video-player.tsx';
import styles from './viewer-picture.module.css';

const FILE_TILE_PX = 320;

interface ViewerPictureProps {
  room: RefObject<HTMLDivElement | null>;
  task: Task;
  frame: Frame;
  zoom: Zoom;
  /** More than one: in so many rows and columns. */
  tiles: number;
  other: OtherPicture | null;
  /** Shows the other picture instead. */
  held: boolean;
  onHold: (held: boolean) => void;
  /** Shows its layers as they are arranged. */
  inLayers: boolean;
}

export function ViewerPicture(props: ViewerPictureProps) {
  const { room, task, frame, zoom, tiles, other, held, onHold, inLayers } = props;
  const { t } = useTranslation();
  const ground = useGround((state) => state.ground);
  const { output } = frame;
  const isVideo = output?.media_type.startsWith('video/') ?? false;
  const { scale, x, y } = zoom.placement;
  const place: CSSProperties = {
    left: x,
    top: y,
    width: tiles * (output?.width ?? 0) * scale,
    height: tiles * (output?.height ?? 0) * scale,
    ...groundStyle(ground),
  };
  const title = useTaskTitle(task);
  const alt = t('tile.alt', { prompt: title, n: pictureNumber(frame) });
  return (
    <div className={styles.pane}>
      <ZoomRoom room={room} zoom={zoom} onSwipe={(direction) => void turnPicture(direction)}>
        {output && isPictureType(output.media_type) && (
          <div className={styles.picture} style={place} data-crisp={scale * devicePixelRatio >= 3}>
            {inLayers && !(held && other) ? (
              <LayerStack task={task} frame={frame} alt={alt} scale={scale} />
            ) : tiles > 1 && !(held && other) ? (
              <Tiles
                tile={{ width: output.width * scale, height: output.height * scale }}
                url={output.url}
                alt={alt}
              />
            ) : (
              <Sharp key={output.url} url={output.url} alt={alt} hidden={held && other !== null} />
            )}
            {held && other && <img src={other.url} alt={other.label} draggable={false} />}
          </div>
        )}
        {held && other && <span className={styles.caption}>{other.label}</span>}
      </ZoomRoom>
      {output && isVideo && <VideoPlayer key={output.url} task={task} frame={frame} alt={alt} />}
      {output && !isPictureType(output.media_type) && !isVideo && (
        <div className={styles.file}>
          <FileTile url={output.url} width={FILE_TILE_PX} />
          <Button icon={<Icon name="download" />} onClick={() => downloadPicture(frame)}>
            {t('tools.download')}
          </Button>
        </div>
      )}
      <IconButton
        className={styles.turn}
        data-side="left"
        icon="back"
        label={t('viewer.previous')}
        onClick={() => void turnPicture(-1)}
      />
      <IconButton
        className={styles.turn}
        data-side="right"
        icon="right"
        label={t('viewer.next')}
        onClick={() => void turnPicture(1)}
      />
      {other && (
        <button
          type="button"
          className={styles.hold}
          aria-pressed={held}
          onPointerDown={() => onHold(true)}
          onPointerUp={() => onHold(false)}
          onPointerLeave={() => onHold(false)}
          onContextMenu={(event) => event.preventDefault()}
        >
          {t('viewer.hold', { what: other.label })}
        </button>
      )}
    </div>
  );
}

/** Whole pixels of the screen: a fraction would show as a line where two tiles meet. */
function Tiles({ url, alt, tile }: { url: string; alt: string; tile: Size }) {
  const { t } = useTranslation();
  const whole = (px: number) => Math.max(1, Math.round(px * devicePixelRatio)) / devicePixelRatio;
  const style: CSSProperties = {
    backgroundImage: `url("${url}")`,
    backgroundSize: `${whole(tile.width)}px ${whole(tile.height)}px`,
  };
  return (
    <div className={styles.tiles} style={style} role="img" aria-label={t('viewer.tiled', { picture: alt })} />
  );
}

/** The thumbnail, until the picture has loaded. */
function Sharp({ url, alt, hidden }: { url: string; alt: string; hidden: boolean }) {
  const [isHere, setHere] = useState(false);
  useEffect(() => {
    const picture = new Image();
    picture.onload = () => setHere(true);
    picture.src = url;
    return () => {
      picture.onload = null;
    };
  }, [url]);
  return (
    <img
      src={isHere ? url : thumbUrl(url, 640)}
      alt={alt}
      draggable={false}
      data-sharp={isHere}
      style={hidden ? { visibility: 'hidden' } : undefined}
    />
  );
}
