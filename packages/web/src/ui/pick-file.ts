import { UPLOAD_TYPES } from '@limner/contract';

/** Opens the browser's file dialogue, for pictures by default. */
export function pickFiles(multiple: boolean, accept = UPLOAD_TYPES): Promise<File[]> {
  const input = fileInput();
  input.accept = accept;
  input.multiple = multiple;
  return picked(input);
}

/** All files of a folder and of the folders in it. */
export function pickFolder(): Promise<File[]> {
  const input = fileInput();
  input.webkitdirectory = true;
  return picked(input);
}

function fileInput(): HTMLInputElement {
  const input = document.createElement('input');
  input.type = 'file';
  return input;
}

const picked = (input: HTMLInputElement): Promise<File[]> =>
  new Promise((resolve) => {
    input.onchange = () => resolve([...(input.files ?? [])]);
    input.oncancel = () => resolve([]);
    input.click();
  });
