import { api } from '../../../api/api.ts';
import { compose, type Picture, pictureOfUpload, useComposer } from '../../../state/composer.ts';
import { attempt } from '../../../state/task-actions.ts';

export async function uploadPicture(file: File): Promise<Picture | null> {
  let picture: Picture | null = null;
  await attempt(async () => {
    picture = pictureOfUpload(await api.call('upload', { file, fileName: file.name }));
  });
  return picture;
}

/** A dropped or pasted picture becomes the input, and the mode follows. */
export async function takeInputFile(file: File): Promise<void> {
  const picture = await uploadPicture(file);
  if (!picture) return;
  const { mode } = useComposer.getState();
  compose({ input: picture, mask: null, mode: mode === 'inpaint' ? 'inpaint' : 'img2img' });
}
