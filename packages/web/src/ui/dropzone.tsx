/** Takes picture files that are dropped or pasted anywhere on a page; fields keep their own pasting of text. */
import { type DragEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import styles from './dropzone.module.css';

interface DropzoneProps {
  onFiles: (files: File[]) => void;
  children: ReactNode;
}

export function Dropzone({ onFiles, children }: DropzoneProps) {
  const [over, setOver] = useState(false);
  usePastedFiles(onFiles);
  const dragged = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
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
        // A field within took it for itself.
        if (event.defaultPrevented) return;
        event.preventDefault();
        const files = [...event.dataTransfer.files];
        if (files.length > 0) onFiles(files);
      }}
    >
      {children}
    </div>
  );
}

function usePastedFiles(onFiles: (files: File[]) => void): void {
  const latest = useRef(onFiles);
  latest.current = onFiles;
  useEffect(() => {
    const pasted = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      latest.current(files);
    };
    addEventListener('paste', pasted);
    return () => removeEventListener('paste', pasted);
  }, []);
}
