/** Ids of outputs: the only place that prints and parses them. `12_0`, and `12_0_1` for the second output of a frame. */
export interface OutputName {
  task: number;
  frame: number;
  /** Order within the frame. */
  place: number;
}

export const OUTPUT_ID = /^(\d{1,15})_(\d{1,4})(?:_(\d{1,3}))?$/;
/** The first output of a cut-out, by the name of its file. */
const CUT_OUT = /^rmbg_(\d{1,15})$/;

export const outputId = ({ task, frame, place }: OutputName): string =>
  place === 0 ? `${task}_${frame}` : `${task}_${frame}_${place}`;

export function parseOutputId(text: string): OutputName | null {
  const cutOut = CUT_OUT.exec(text);
  if (cutOut) return { task: Number(cutOut[1]), frame: 0, place: 0 };
  const match = OUTPUT_ID.exec(text);
  return match && { task: Number(match[1]), frame: Number(match[2]), place: Number(match[3] ?? 0) };
}
