/**
 * A mask as a list of strokes, redrawn from the start so that each step can be undone. Opaque where the model may
 * paint.
 */
export interface Point {
  x: number;
  y: number;
}

export type MaskStep =
  | { kind: 'stroke'; erase: boolean; width: number; points: Point[] }
  | { kind: 'invert' }
  | { kind: 'clear' }
  /** An existing mask: white where the model may paint. */
  | { kind: 'load'; mask: CanvasImageSource };

export interface MaskHistory {
  done: MaskStep[];
  undone: MaskStep[];
}

export const EMPTY: MaskHistory = { done: [], undone: [] };

export const withStep = ({ done }: MaskHistory, step: MaskStep): MaskHistory => ({
  done: [...done, step],
  undone: [],
});

export function withoutLast({ done, undone }: MaskHistory): MaskHistory {
  const last = done.at(-1);
  return last ? { done: done.slice(0, -1), undone: [last, ...undone] } : { done, undone };
}

export function withNext({ done, undone }: MaskHistory): MaskHistory {
  const [next, ...rest] = undone;
  return next ? { done: [...done, next], undone: rest } : { done, undone };
}

/** The display colour. */
const PAINT = 'rgb(230 180 80)';

export function drawMask(canvas: HTMLCanvasElement, steps: readonly MaskStep[]): void {
  const pen = canvas.getContext('2d');
  if (!pen) return;
  pen.clearRect(0, 0, canvas.width, canvas.height);
  for (const step of steps) drawStep(canvas, pen, step);
}

function drawStep(canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D, step: MaskStep): void {
  pen.globalCompositeOperation = 'source-over';
  pen.fillStyle = PAINT;
  if (step.kind === 'clear') pen.clearRect(0, 0, canvas.width, canvas.height);
  else if (step.kind === 'load') pen.drawImage(paintedFrom(step.mask, canvas), 0, 0);
  else if (step.kind === 'stroke') drawStroke(pen, step, 0);
  else {
    pen.globalCompositeOperation = 'xor';
    pen.fillRect(0, 0, canvas.width, canvas.height);
  }
}

/** Draws from the point `from`, so that a growing stroke is not redrawn. */
export function drawStroke(
  pen: CanvasRenderingContext2D,
  { erase, width, points }: Extract<MaskStep, { kind: 'stroke' }>,
  from: number,
): void {
  const [first, ...rest] = points.slice(Math.max(0, from));
  if (!first) return;
  pen.globalCompositeOperation = erase ? 'destination-out' : 'source-over';
  pen.strokeStyle = PAINT;
  pen.lineCap = 'round';
  pen.lineJoin = 'round';
  pen.lineWidth = width;
  pen.beginPath();
  pen.moveTo(first.x, first.y);
  for (const { x, y } of rest.length > 0 ? rest : [{ x: first.x + 0.01, y: first.y }]) pen.lineTo(x, y);
  pen.stroke();
}

/** White becomes opaque, black transparent. */
function paintedFrom(mask: CanvasImageSource, { width, height }: HTMLCanvasElement): HTMLCanvasElement {
  const [canvas, pen] = sheet(width, height);
  pen.drawImage(mask, 0, 0, width, height);
  const pixels = pen.getImageData(0, 0, width, height);
  const { data } = pixels;
  for (let at = 0; at < data.length; at += 4) {
    data[at + 3] = Math.round(((data[at] ?? 0) * (data[at + 3] ?? 0)) / 255);
    data[at] = 230;
    data[at + 1] = 180;
    data[at + 2] = 80;
  }
  pen.putImageData(pixels, 0, 0);
  return canvas;
}

export const isBlank = (canvas: HTMLCanvasElement): boolean => {
  const { width, height } = canvas;
  const data = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? [];
  for (let at = 3; at < data.length; at += 4) if (data[at] !== 0) return false;
  return true;
};

/** White on black, without the display colour. */
export async function maskFile(painted: HTMLCanvasElement): Promise<File> {
  const [mask, pen] = sheet(painted.width, painted.height);
  pen.drawImage(painted, 0, 0);
  pen.globalCompositeOperation = 'source-in';
  pen.fillStyle = '#fff';
  pen.fillRect(0, 0, mask.width, mask.height);
  pen.globalCompositeOperation = 'destination-over';
  pen.fillStyle = '#000';
  pen.fillRect(0, 0, mask.width, mask.height);
  const blob = await new Promise<Blob | null>((resolve) => mask.toBlob(resolve, 'image/png'));
  if (!blob) throw new Error('no mask');
  return new File([blob], 'mask.png', { type: 'image/png' });
}

function sheet(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = Object.assign(document.createElement('canvas'), { width, height });
  const pen = canvas.getContext('2d');
  if (!pen) throw new Error('no canvas');
  return [canvas, pen];
}
