/** The second composition root: entry of the child process that does all embedded work, away from the server's main thread. */
import { cutout } from '../engines/cutout/cutout.ts';
import { CUTOUT, UNMIX } from '../engines/cutout/jobs.ts';
import { unmixPicture } from '../engines/cutout/unmix.ts';
import { handle } from '../engines/embedded/job.ts';
import { compose } from '../engines/starter/compose/compose.ts';
import { controlPreview } from '../engines/starter/control-preview.ts';
import { COMPOSE, CONTROL_PREVIEW, PAINT, REPAINT, TONE } from '../engines/starter/jobs.ts';
import { detailBeside } from '../engines/starter/paint/detail-beside.ts';
import { paint } from '../engines/starter/paint/paint.ts';
import { repaint } from '../engines/starter/repaint/repaint.ts';
import { tiled } from '../engines/starter/tiled.ts';
import { tone } from '../engines/starter/tone/tone.ts';
import { TRAIN } from '../engines/training/starter/jobs.ts';
import { train } from '../engines/training/starter/train-job.ts';
import { UPSCALE } from '../engines/upscale/jobs.ts';
import { upscale } from '../engines/upscale/upscale.ts';
import { serveJobs } from './serve-jobs.ts';

const makeDetail = detailBeside(new URL('./detail-thread.js', import.meta.url));

serveJobs([
  handle(COMPOSE, async ({ tileable, ...job }, ctx) =>
    tiled(await compose({ ...job, signal: ctx.signal }), tileable),
  ),
  handle(PAINT, async ({ tileable, ...job }, ctx) => tiled(await paint(job, ctx, makeDetail), tileable)),
  handle(REPAINT, repaint),
  handle(TONE, tone),
  handle(CONTROL_PREVIEW, controlPreview),
  handle(CUTOUT, cutout),
  handle(UNMIX, unmixPicture),
  handle(UPSCALE, upscale),
  handle(TRAIN, train),
]);
