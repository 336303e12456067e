/** All tools, in the order in which clients see them. */
import type { Tool } from './tool.ts';
import { editImage, generateImage, removeBackground, upscaleImage } from './tools/making.ts';
import { deletePicture, getPicture, searchPictures, starPicture } from './tools/pictures.ts';
import { listFamilies, listStyles, studioStatus } from './tools/studio.ts';
import { cancelTask, getTask } from './tools/tasks.ts';
import { trainStyle } from './tools/training.ts';
import { makeAnimation, makeVideo } from './tools/video.ts';

export const TOOLS: readonly Tool[] = [
  generateImage,
  editImage,
  removeBackground,
  upscaleImage,
  makeVideo,
  makeAnimation,
  trainStyle,
  getTask,
  cancelTask,
  searchPictures,
  getPicture,
  starPicture,
  deletePicture,
  listFamilies,
  listStyles,
  studioStatus,
];
