/**
 * Takes pictures, folders of them, and addresses of pictures, that are dropped or pasted anywhere on a page; fields keep their own pasting
 * of text.
 */
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { type DroppedFiles, filesBelow, foldersIn } from './dropped-files.ts';
import styles from './dropzone.module.css';

interface DropzoneProps {
  onFiles: (files: File[]) => void;
  /** Files and folders of a dropped folder that cannot be read. */
  onUnread?: (names: string[]) => void;
  onUrl?: (url: string) => void;
  children: ReactNode;
}

export function Dropzone({ onFiles, onUnread, onUrl, children }: DropzoneProps) {
  const [over, setOver] = useState(false);
  const takeDropped = ({ files, unread }: DroppedFiles) => {
    if (files.length > 0) onFiles(files);
    if (unread.length > 0) onUnread?.(unread);
  };
  const take = (data: DataTransfer): boolean => {
    const files = [...data.files];
    const url = onUrl && addressIn(data);
    const folders = foldersIn(data);
    if (folders) void filesBelow(folders).then(takeDropped);
    else if (files.length > 0) onFiles(files);
    else if (url) onUrl(url);
    return files.length > 0 || Boolean(url);
  };
  usePaste(take);
  const dragged = (event: DragEvent) => {
    const { types } = event.dataTransfer;
    if (!types.includes('Files') && !(onUrl && types.includes('text/uri-list'))) return;
    event.preventDefault();
    setOver(event.type !== 'dragleave' || event.currentTarget.contains(event.relatedTarget as Node | null));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is an addition; each page has a button for files
    <div
      className={styles.zone}
      data-over={over}
      onDragEnter={dragged}
      onDragOver={dragged}
      onDragLeave={dragged}
      onDrop={(event) => {
        setOver(false);
        // A field inside has handled it.
        if (event.defaultPrevented) return;
        event.preventDefault();
        take(event.dataTransfer);
      }}
    >
      {children}
    </div>
  );
}

/** The first web address that was dropped or pasted as such. */
function addressIn(data: DataTransfer): string | null {
  const text = data.getData('text/uri-list') || data.getData('text/plain');
  const first = text.split(/\r?\n/).find((line) => line.trim() !== '' && !line.startsWith('#'));
  return first && isWebAddress(first) ? first.trim() : null;
}

export const isWebAddress = (text: string): boolean =>
  /^https?:\/\/\S+$/.test(text.trim()) && URL.canParse(text.trim());

const inField = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea, [contenteditable]') !== null;

function usePaste(take: (data: DataTransfer) => boolean): void {
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      const data = event.clipboardData;
      // What lies above the page has nothing for it.
      if (document.querySelector('dialog[open]')) return;
      if (!data || (data.files.length === 0 && inField(event.target))) return;
      if (latest.current(data)) event.preventDefault();
    };
    addEventListener('paste', pasted);
    return () => removeEventListener('paste', pasted);
  }, []);
}
