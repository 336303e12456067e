import { type CSSProperties, memo, useEffect, useState } from 'react';
import { isTyping } from '../../api/typing.ts';
import styles from './preview.module.css';

const WHILE_TYPING_MS = 2_000;

interface PreviewProps {
  url: string;
  progress: number;
}

/** What a picture looks like while it is painted: out of focus, less so as it goes on. */
export function Preview({ url, progress }: PreviewProps) {
  return <Blurred url={useUnhurried(url)} px={7 - Math.floor(progress * 5)} />;
}

const Blurred = memo(function Blurred({ url, px }: { url: string; px: number }) {
  return <img className={styles.preview} src={url} alt="" style={{ '--blur': `${px}px` } as CSSProperties} />;
});

/** To fetch, to decode and to draw a picture makes keys wait: while somebody types, the one before stays. */
function useUnhurried(url: string): string {
  const [shown, setShown] = useState(url);
  useEffect(() => {
    const timer = setTimeout(() => setShown(url), isTyping() ? WHILE_TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [url]);
  return shown;
}
