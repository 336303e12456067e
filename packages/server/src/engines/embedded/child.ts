/** Entry of the child process that does all embedded work, away from the server's main thread. */
import { cutout } from '../cutout/cutout.ts';
import { compose } from '../starter/compose/compose.ts';
import { controlLook } from '../starter/control-look.ts';
import { detailBeside } from '../starter/paint/detail-beside.ts';
import { paint } from '../starter/paint/paint.ts';
import { train, trainSamples } from '../training/starter/train-job.ts';
import { upscale } from '../upscale/upscale.ts';
import { serveJobs } from './serve-jobs.ts';

const makeDetail = detailBeside(new URL('./detail-thread.js', import.meta.url));

serveJobs({
  compose: (job, ctx) => compose({ ...job, signal: ctx.signal }),
  paint: (job, ctx) => paint(job, ctx, makeDetail),
  controlLook,
  cutout,
  upscale,
  train,
  trainSamples,
});
