/** The installation that tests run: the built helpers of this repository, without a web app. */
import path from 'node:path';
import type { Layout } from '../src/config.ts';
import { repository, serverDir } from './places.ts';

export const testLayout: Layout = {
  version: '0.0.0-test',
  webDir: null,
  modelsDir: path.join(repository, 'models'),
  embeddedEntry: path.join(serverDir, 'dist', 'embedded-child.js'),
  fileThreadEntry: path.join(serverDir, 'dist', 'file-thread.js'),
  pictureEntry: path.join(serverDir, 'dist', 'picture-child.js'),
  keeperEntry: path.join(serverDir, 'dist', 'program-keeper.js'),
};
