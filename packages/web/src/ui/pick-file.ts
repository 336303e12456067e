import { UPLOAD_TYPES } from '@limner/contract';

/** Asks for files with the browser's own dialogue: pictures, where nothing else is wanted. */
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
