import { useState } from 'react';

/**
 * A task names its input by id alone, and the file of an upload ends in `.png` or, for photographs, in `.jpg`. The first
 * is asked for; when it is not there, the other. Returns the address and what to call when it could not be shown.
 */
export function useUploadUrl(url: string): [address: string, onError: () => void] {
  const [missing, setMissing] = useState<string | null>(null);
  const other = url.replace(/^(\/uploads\/\w+)\.png/, '$1.jpg');
  return [missing === url ? other : url, () => setMissing(url)];
}
