/**
 * Frames of tqdm's progress bar: `steps:   1%|▏  | 17/2100 [01:56<3:57:22,  6.84s/it, avr_loss=0.343]`. The bar itself is
 * not read, because its characters depend on the encoding. Programs show several bars, so the one of the training is told
 * apart by its total.
 */
export interface Bar {
  /** The text before it; may be empty. */
  description: string;
  done: number;
  total: number;
  /** The mean loss, if the bar shows one. */
  loss: number | null;
}

const BAR = /^\s*(?:(.*?):\s+)?(\d{1,3})%\|.*?\|\s*(\d+)\/(\d+)\s*\[([^\]]*)\]?/;
/** `avr_loss=0.343` (kohya, musubi-tuner), `loss: 3.456e-01` (ai-toolkit), `loss=1.02`, `loss 0.3`. */
const LOSS = /(?:^|[\s,])(?:avr_|avg_|average_)?loss(?:\s*[=:]\s*|\s+)(\S+?)(?=[\s,\]]|$)/i;

/** null: it is no bar. */
export function readBar(line: string): Bar | null {
  const [, description = '', , done, total, rest = ''] = BAR.exec(line) ?? [];
  if (done === undefined || total === undefined) return null;
  return { description: description.trim(), done: Number(done), total: Number(total), loss: lossIn(rest) };
}

/** What follows a frame: a bar that is broken off has no end of its line, so the words of the failure are behind it. */
export const withoutBar = (line: string): string => line.replace(BAR, '').trim();

export function lossIn(text: string): number | null {
  const loss = Number(LOSS.exec(text)?.[1] ?? Number.NaN);
  return Number.isFinite(loss) ? loss : null;
}

export interface BarSteps {
  /** Of the bar; frames of other totals are ignored. */
  total: number;
  /** Added to what the bar counts: where a resumed process counts from zero. */
  from?: number;
  /** Only bars with this description; absent: any. */
  description?: string;
}

/** Reads the steps of a training's bar. A loss that is not a number (`nan`) is told as none. */
export const barSteps =
  ({ total, from = 0, description }: BarSteps) =>
  (line: string): { step: number; loss: number | null }[] => {
    const bar = readBar(line);
    if (bar?.total !== total || bar.done === 0) return [];
    if (description !== undefined && bar.description !== description) return [];
    return [{ step: from + bar.done, loss: bar.loss }];
  };
