/** The studio's own line icons, 16 × 16, drawn with the colour of the text around them. */
import styles from './icon.module.css';

const PATHS = {
  brush:
    'M13.6 2.4 7.7 8.6M7.7 8.6C6 7.9 4.2 8.9 4 10.8c-.1 1-.7 1.8-1.8 2.3 2.9.9 6.2.2 6.5-2.3 0-.9-.3-1.7-1-2.2z',
  scissors:
    'M4.5 6.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM4.5 13.5a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM6.2 10.5 14 3.5M6.2 5.5 14 12.5',
  history: 'M2.5 8a5.5 5.5 0 1 0 1.7-4M2.5 2.5v2.8h2.8M8 5v3.3l2.2 1.4',
  training: 'M1.8 6.2 8 3.2l6.2 3L8 9.2zM4.4 7.6v3.2c2 1.7 5.2 1.7 7.2 0V7.6M14.2 6.2v4.3',
  gear: 'M8 10.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4zM8 1.8v1.7M8 12.5v1.7M1.8 8h1.7M12.5 8h1.7M3.6 3.6l1.2 1.2M11.2 11.2l1.2 1.2M3.6 12.4l1.2-1.2M11.2 4.8l1.2-1.2',
  sun: 'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM8 1.5v1.3M8 13.2v1.3M1.5 8h1.3M13.2 8h1.3M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9',
  moon: 'M13.5 9.5A5.8 5.8 0 0 1 6.5 2.5a5.8 5.8 0 1 0 7 7z',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  check: 'M3 8.5l3.2 3.2L13 5',
  lock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 5 0v2.5',
  unlock: 'M4 7.5h8v6H4zM5.5 7.5V5a2.5 2.5 0 0 1 4.8-1',
  dice: 'M3 3h10v10H3zM5.8 5.8h.01M10.2 10.2h.01M8 8h.01M10.2 5.8h.01M5.8 10.2h.01',
  text: 'M3 4h10M8 4v9M6 13h4',
  image: 'M2.5 3h11v10h-11zM2.5 11l3.2-3.4 2.8 2.6 1.8-1.6 3.2 2.8M10.6 6.2h.01',
  pencil: 'M3 13l.6-2.8L10.8 3l2.2 2.2-7.2 7.2L3 13zM9.5 4.3l2.2 2.2',
  mask: 'M3 11c0-2 2-2 2-4s2-4 5-4 3.5 2 3 4-3 2-4 4-6 2.5-6 0z',
  down: 'M4 6l4 4 4-4',
  right: 'M6 4l4 4-4 4',
  download: 'M8 2.5V10M4.8 7.2 8 10.4l3.2-3.2M3 13.5h10',
  shuffle:
    'M2.5 5h3c3 0 3 6 6 6h2M11.5 9l2 2-2 2M2.5 11h3c.8 0 1.4-.4 1.9-1M9 6c.5-.6 1.1-1 2.5-1h2M11.5 3l2 2-2 2',
  upscale: 'M8 13V3.5M4.5 7 8 3.5 11.5 7M3 13.5h10',
  compare: 'M8 2v12M2.5 4H8v8H2.5zM10.5 4h3v8h-3',
  undo: 'M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6M5.5 4 3 6.5 5.5 9',
  redo: 'M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10M10.5 4 13 6.5 10.5 9',
  eraser:
    'M6.5 13 2.8 9.3a1 1 0 0 1 0-1.4l5-5a1 1 0 0 1 1.4 0l3.9 3.9a1 1 0 0 1 0 1.4L8.3 13zM5.3 5.6l5.2 5.2M6.5 13h7',
  move: 'M8 2v12M2 8h12M6.3 3.7 8 2l1.7 1.7M6.3 12.3 8 14l1.7-1.7M3.7 6.3 2 8l1.7 1.7M12.3 6.3 14 8l-1.7 1.7',
  invert: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 2v12M9.5 5h3M9.5 8h4.3M9.5 11h3',
  frame:
    'M5.5 5.5h5v5h-5zM8 1.5v2.3M8 12.2v2.3M1.5 8h2.3M12.2 8h2.3M2 2h1.5M2 2v1.5M14 2h-1.5M14 2v1.5M2 14h1.5M2 14v-1.5M14 14h-1.5M14 14v-1.5',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2.5v2.8h-2.8',
  warning: 'M8 2.5l6 11H2zM8 6.5v3M8 11.5h.01',
  close: 'M4 4l8 8M12 4l-8 8',
  search: 'M7 12A5 5 0 1 0 7 2a5 5 0 0 0 0 10zM10.8 10.8 14 14',
  grid: 'M2.5 2.5H7V7H2.5zM9 2.5h4.5V7H9zM2.5 9H7v4.5H2.5zM9 9h4.5v4.5H9z',
  list: 'M2.5 4h11M2.5 8h11M2.5 12h11',
  trash: 'M3 4.5h10M6 4.5V3h4v1.5M4.2 4.5l.6 9h6.4l.6-9',
  copy: 'M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3',
  chip: 'M4.5 4.5h7v7h-7zM6.5 2v2M9.5 2v2M6.5 12v2M9.5 12v2M2 6.5h2M2 9.5h2M12 6.5h2M12 9.5h2',
  cube: 'M2.5 5 8 2.2 13.5 5v6L8 13.8 2.5 11zM2.5 5 8 7.8 13.5 5M8 7.8v6',
  branch: 'M2.5 3.5h4v3h-4zM9.5 2.5h4v3h-4zM9.5 10.5h4v3h-4zM6.5 5h1.2c2 0 .8 7 1.8 7M6.5 5c1.5 0 1-1 3-1',
  globe: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM2 8h12M8 2c2 2 2.5 4 2.5 6S10 12 8 14c-2-2-2.5-4-2.5-6S6 4 8 2',
  info: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.5V11M8 5h.01',
  question: 'M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM6.3 6.3c.2-2.3 3.6-2 3.4 0C9.6 7.5 8 7.6 8 9M8 11.2h.01',
  sliders:
    'M2.5 5h6M12 5h1.5M2.5 11H4M7.5 11h6M10.2 6.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4zM5.8 12.7a1.7 1.7 0 1 0 0-3.4 1.7 1.7 0 0 0 0 3.4z',
  back: 'M10 4 6 8l4 4',
  star: 'M8 1.9l1.9 3.9 4.2.6-3.1 3 .8 4.2L8 11.6l-3.8 2 .8-4.2-3.1-3 4.2-.6z',
  calendar: 'M2.5 4h11v9.5h-11zM2.5 7h11M5.5 2.2v3M10.5 2.2v3',
  disk: 'M8 5.8c3 0 5.2-.8 5.2-1.9S11 2 8 2 2.8 2.8 2.8 3.9 5 5.8 8 5.8zM2.8 3.9v8.2c0 1.1 2.2 1.9 5.2 1.9s5.2-.8 5.2-1.9V3.9M2.8 8c0 1.1 2.2 1.9 5.2 1.9s5.2-.8 5.2-1.9',
  up: 'M4 10l4-4 4 4',
  play: 'M5 3l8 5-8 5z',
  pause: 'M5.5 3v10M10.5 3v10',
  video: 'M2.5 3.5h11v9h-11zM6.8 6v4l3.2-2z',
  animation: 'M2.5 5.5h8v8h-8zM5 5.5V3.2h8.5v8h-3M5.2 7.8v3.4l2.8-1.7z',
  sound: 'M2.5 6.2v3.6h2.3L8 12.5v-9L4.8 6.2zM10.3 6a2.8 2.8 0 0 1 0 4M12 4.2a5.4 5.4 0 0 1 0 7.6',
  file: 'M4 2.5h5l3 3v8H4zM9 2.5v3h3',
  plug: 'M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9v2a4.5 4.5 0 0 1-9 0zM8 12v2.5',
  send: 'M13.5 2.5 2.5 7l4.4 2.1L9 13.5zM13.5 2.5 6.9 9.1',
  layers: 'M2 5.5 8 2.5l6 3-6 3zM2 8.2l6 3 6-3M2 10.8l6 3 6-3',
  eye: 'M1.5 8C3 5 5.3 3.5 8 3.5S13 5 14.5 8C13 11 10.7 12.5 8 12.5S3 11 1.5 8zM8 10a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  eyeOff: 'M1.5 8C3 5 5.3 3.5 8 3.5S13 5 14.5 8C13 11 10.7 12.5 8 12.5S3 11 1.5 8zM3 13 13 3',
  target: 'M8 13.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM8 9.5a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3z',
  expand: 'M9.5 2.5h4v4M13.5 2.5 9 7M6.5 13.5h-4v-4M2.5 13.5 7 9',
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 16 }: { name: IconName; size?: number }) {
  return (
    <svg className={styles.icon} viewBox="0 0 16 16" width={size} height={size} aria-hidden="true">
      <path d={PATHS[name]} />
    </svg>
  );
}

/** An L like the corner of a frame, brush-cut, holding a gold sheet and a sun. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true">
      <path d="M4 4.6 9.6 3v19.6h19L26.8 29H4z" fill="currentColor" />
      <path d="M13 4.2h15.4v3.6a11.6 11.6 0 0 0-11 11.4H13z" fill="var(--leaf)" />
      <circle cx="25.2" cy="16" r="3.2" fill="var(--leaf)" />
    </svg>
  );
}
