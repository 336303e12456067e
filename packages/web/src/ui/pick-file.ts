import { UPLOAD_TYPES } from '@limner/contract';

/** Opens the browser's file dialogue, for pictures by default. */
export function pickFiles(multiple: boolean, accept = UPLOAD_TYPES): Promise<File[]> {
  const input = document.createElement('input');
  input.type = 'file';
  input.accept = accept;
  input.multiple = multiple;
  return new Promise((resolve) => {
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
}
