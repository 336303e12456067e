/** A ControlNet on the conditioning. */
import type { Link } from '../graph.ts';
import type { Links, Painting } from './model.ts';

export interface AppliedControlNet {
  title: string;
  controlNet: Link;
  image: Link;
  strength: number;
  /** The share of the steps in which it acts, 0 to 1; absent: from the first to the last. */
  start?: number;
  end?: number;
}

export function withControlNet(
  { b, vae }: Painting,
  links: Links,
  { title, controlNet, image, strength, start = 0, end = 1 }: AppliedControlNet,
): Links {
  const applied = b.add('ControlNetApplyAdvanced', title, {
    positive: links.positive,
    negative: links.negative,
    control_net: controlNet,
    image,
    // Flux ControlNets work on latents: without a VAE the job is accepted and then fails.
    vae,
    strength,
    start_percent: start,
    end_percent: end,
  });
  return { ...links, positive: applied.out(0), negative: applied.out(1) };
}
