/** In place of a thumbnail: what an output is that is no picture. */
import { mediaTypeOfFile } from '@limner/contract';
import { useTranslation } from 'react-i18next';
import { Icon, type IconName } from '../icon.tsx';
import styles from './file-tile.module.css';

/** By the first part of the media type. */
const KINDS = {
  video: { icon: 'video', name: 'media.video' },
  audio: { icon: 'sound', name: 'media.audio' },
  model: { icon: 'cube', name: 'media.model' },
} as const;
const OTHER = { icon: 'file', name: 'media.other' } as const;

/** Narrower tiles show the icon alone. */
const LEAST_FOR_WORDS_PX = 80;

export function FileTile({ url, width }: { url: string; width: number }) {
  const { t } = useTranslation();
  const [type = ''] = mediaTypeOfFile(url).split('/');
  const kind: { icon: IconName; name: 'media.other' | (typeof KINDS)[keyof typeof KINDS]['name'] } =
    Object.hasOwn(KINDS, type) ? KINDS[type as keyof typeof KINDS] : OTHER;
  const words = t(kind.name, { extension: extensionOf(url) });
  const isNarrow = width < LEAST_FOR_WORDS_PX;
  return (
    <span className={styles.file} title={words}>
      <Icon name={kind.icon} size={isNarrow ? 16 : 24} />
      <span className={isNarrow ? 'visually-hidden' : undefined}>{words}</span>
    </span>
  );
}

const extensionOf = (url: string): string => url.split('?', 1)[0]?.split('.').at(-1)?.toUpperCase() ?? '';
