import type { Shared } from '../studio/shared.ts';
import { Bin } from './bin.ts';

export const openBin = ({ config, db, blobs, bus, news }: Shared): Bin =>
  new Bin({ db, blobs, bus, news, days: config.binDays, maxBytes: config.binMaxBytes });
