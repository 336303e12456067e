/** The names that A1111 shows for samplers and schedules, beside those of ComfyUI, which families and recipes use. */

/** The first of equal values is written; all are read. */
const SAMPLERS: [a1111: string, comfy: string][] = [
  ['Euler', 'euler'],
  ['Euler a', 'euler_ancestral'],
  ['DPM++ 2M', 'dpmpp_2m'],
  ['DPM++ SDE', 'dpmpp_sde'],
  ['DPM++ 2M SDE', 'dpmpp_2m_sde'],
  ['DPM++ 3M SDE', 'dpmpp_3m_sde'],
  ['DPM++ 2S a', 'dpmpp_2s_ancestral'],
  ['LMS', 'lms'],
  ['Heun', 'heun'],
  ['DPM2', 'dpm_2'],
  ['DPM2 a', 'dpm_2_ancestral'],
  ['DPM fast', 'dpm_fast'],
  ['DPM adaptive', 'dpm_adaptive'],
  ['DDIM', 'ddim'],
  ['UniPC', 'uni_pc'],
  ['LCM', 'lcm'],
];
const SCHEDULES: [a1111: string, comfy: string][] = [
  ['Karras', 'karras'],
  ['Exponential', 'exponential'],
  ['SGM Uniform', 'sgm_uniform'],
  ['DDIM Uniform', 'ddim_uniform'],
  ['KL Optimal', 'kl_optimal'],
  ['Simple', 'simple'],
  ['Normal', 'normal'],
  ['Beta', 'beta'],
  ['DDIM', 'ddim_uniform'],
];

const named = (list: [string, string][], comfy: string): string =>
  list.find(([, own]) => own === comfy)?.[0] ?? comfy;
const found = (list: [string, string][], written: string): string | null => {
  const name = written.trim().toLowerCase();
  return list.find(([a1111, comfy]) => a1111.toLowerCase() === name || comfy === name)?.[1] ?? null;
};

/** As A1111 writes it; unknown names stay as they are. */
export const a1111Sampler = (comfy: string): string => named(SAMPLERS, comfy);
export const a1111Schedule = (comfy: string): string => named(SCHEDULES, comfy);

/** The schedule of this name in A1111 or ComfyUI; null for an unknown one. */
export const scheduleNamed = (written: string): string | null => found(SCHEDULES, written);

/**
 * The sampler of this name in A1111 or ComfyUI. Older versions of A1111 write the schedule after it: `DPM++ 2M Karras`.
 */
export function samplerNamed(written: string): { sampler: string | null; scheduler: string | null } {
  const whole = found(SAMPLERS, written);
  if (whole !== null) return { sampler: whole, scheduler: null };
  const name = written.trim().toLowerCase();
  const schedule = SCHEDULES.find(([a1111]) => name.endsWith(` ${a1111.toLowerCase()}`));
  if (!schedule) return { sampler: null, scheduler: null };
  return { sampler: found(SAMPLERS, name.slice(0, -schedule[0].length - 1)), scheduler: schedule[1] };
}
