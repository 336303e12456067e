import { MAX_REFERENCES, MAX_STYLE_IMAGES, type Upload } from '@limner/contract';
import i18next from 'i18next';
import { api } from '../../../api/api.ts';
import {
  addReferences,
  addStyleImages,
  composeInput,
  type Picture,
  pictureOfUpload,
  useDraft,
} from '../../../state/draft/draft.ts';
import { whileUploading } from '../../../state/draft/uploads.ts';
import { notify } from '../../../state/notices.ts';
import { attempt } from '../../../state/task-actions.ts';

export const uploadPicture = (file: File): Promise<Picture | null> =>
  received(() => api.call('upload', { file, fileName: file.name }));

export const fetchPicture = (url: string): Promise<Picture | null> =>
  received(() => api.call('uploadFromUrl', { body: { url } }));

/** Null if it failed, after showing the error, or if a recipe has replaced the draft meanwhile. */
const received = (upload: () => Promise<Upload>): Promise<Picture | null> =>
  whileUploading(async () => {
    let picture: Picture | null = null;
    await attempt(async () => {
      picture = pictureOfUpload(await upload());
    });
    return picture;
  });

/** A dropped or pasted address. */
export async function takeUrl(url: string): Promise<void> {
  const picture = await fetchPicture(url);
  if (!picture) return;
  if (useDraft.getState().mode === 'edit') addReferences([picture]);
  else composeInput(picture);
}

/** Dropped or pasted pictures become the references of an edit; otherwise the first becomes the input. */
export async function takeFiles(dropped: File[], openWorkflows: () => void): Promise<void> {
  const workflow = dropped.find(isJson);
  if (workflow) tellWorkflow(workflow.name, openWorkflows);
  const files = dropped.filter((file) => !isJson(file));
  const [first] = files;
  if (useDraft.getState().mode === 'edit') await takeReferences(files);
  else if (first) await takeInputFile(first);
}

const isJson = ({ name }: File): boolean => /\.json$/i.test(name);

/** Such as ComfyUI writes: a model, not a picture. */
const tellWorkflow = (name: string, openWorkflows: () => void): number =>
  notify({
    text: i18next.t('composer.workflowFile', { name }),
    tone: 'problem',
    action: { label: i18next.t('composer.openWorkflows'), run: openWorkflows },
  });

export async function takeReferences(files: File[]): Promise<void> {
  const uploaded = await Promise.all(files.slice(0, MAX_REFERENCES).map(uploadPicture));
  const all = addReferences(uploaded.filter((picture) => picture !== null));
  if (all && files.length <= MAX_REFERENCES) return;
  notify({ text: i18next.t('composer.referencesFull', { count: MAX_REFERENCES }), tone: 'problem' });
}

export async function takeStyleImages(files: File[]): Promise<void> {
  const uploaded = await Promise.all(files.slice(0, MAX_STYLE_IMAGES).map(uploadPicture));
  const all = addStyleImages(uploaded.filter((picture) => picture !== null));
  if (all && files.length <= MAX_STYLE_IMAGES) return;
  notify({ text: i18next.t('composer.stylesFull', { count: MAX_STYLE_IMAGES }), tone: 'problem' });
}

async function takeInputFile(file: File): Promise<void> {
  const picture = await uploadPicture(file);
  if (picture) composeInput(picture);
}
