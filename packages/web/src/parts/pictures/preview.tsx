import { type CSSProperties, memo, useEffect, useState } from 'react';
import { isTyping } from '../../api/typing.ts';
import styles from './preview.module.css';

const WHILE_TYPING_MS = 2_000;

interface PreviewProps {
  url: string;
  progress: number;
}

/** The preview of a picture: blurred, less so with progress. */
export function Preview({ url, progress }: PreviewProps) {
  return <Blurred url={useDelayedWhileTyping(url)} px={7 - Math.floor(progress * 5)} />;
}

const Blurred = memo(function Blurred({ url, px }: { url: string; px: number }) {
  return <img className={styles.preview} src={url} alt="" style={{ '--blur': `${px}px` } as CSSProperties} />;
});

/** Loading a preview delays keys, so while the user types the earlier one stays. */
function useDelayedWhileTyping(url: string): string {
  const [shown, setShown] = useState(url);
  useEffect(() => {
    const timer = setTimeout(() => setShown(url), isTyping() ? WHILE_TYPING_MS : 0);
    return () => clearTimeout(timer);
  }, [url]);
  return shown;
}
