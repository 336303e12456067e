/**
 * The effective strength of image to image.
 *
 * ComfyUI's sampler takes `steps` and `denoise`, makes a schedule of int(steps / denoise) steps and runs the last
 * `steps` of it. With few steps that rounds badly: 4 steps at 0.9 give a schedule of 4, so the input is ignored, and 4
 * at 0.6 start at 0.667. Here `steps` means the length of the whole schedule, as it does for text to image; the
 * schedule grows by the steps needed to come close to the requested strength, and the effective strength is recorded.
 */

export interface Schedule {
  /** Inputs of the sampler node. */
  steps: number;
  denoise: number;
  /** Share of the schedule that runs; 1 ignores the input picture. */
  effective: number;
}

/** A smaller difference in strength is not visible. */
const CLOSE_ENOUGH = 0.04;
const LONGEST_EXTENSION = 12;
/** Longer schedules than its steps divided by this are not made. */
const LEAST_STRENGTH = 0.01;

export function scheduleFor(steps: number, strength: number): Schedule {
  if (strength >= 1) return { steps, denoise: 1, effective: 1 };
  const longest = Math.max(steps, LONGEST_EXTENSION);
  let best = partOf(steps, strength);
  for (let total = steps; total <= longest; total += 1) {
    const found = partOf(total, strength);
    if (error(found, strength) < error(best, strength)) best = found;
    if (error(best, strength) <= CLOSE_ENOUGH) break;
  }
  return best;
}

/** Exactly these steps, the last of a schedule that is as long as the strength needs. */
export function scheduleThatRuns(steps: number, strength: number): Schedule {
  const total = Math.max(steps, Math.round(steps / Math.max(strength, LEAST_STRENGTH)));
  if (total === steps) return { steps, denoise: 1, effective: 1 };
  return { steps, denoise: denoiseFor(steps, total), effective: steps / total };
}

const error = (schedule: Schedule, strength: number): number => Math.abs(schedule.effective - strength);

function partOf(total: number, strength: number): Schedule {
  if (total === 1) return { steps: 1, denoise: 1, effective: 1 };
  const run = Math.min(total - 1, Math.max(1, Math.round(strength * total)));
  return { steps: run, denoise: denoiseFor(run, total), effective: run / total };
}

/** Half a step of room on either side, so that int(run / denoise) is `total` whatever floating point does. */
const denoiseFor = (run: number, total: number): number =>
  Math.round((run / (total + 0.5)) * 10_000) / 10_000;
