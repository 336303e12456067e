// @vitest-environment happy-dom
import {
  extendedSize,
  MAX_EXTENDED_PIXELS,
  MAX_EXTENDED_SIDE_PX,
  MAX_MARGIN_PX,
  type Outpaint,
} from '@limner/contract';
import { fireEvent, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { afterEach, describe, expect, test } from 'vitest';
import { compose, useDraft } from '../../../../state/draft/draft.ts';
import { familyFor, obstacle, sizeFor } from '../../../../state/draft/draft-rules.ts';
import { useMaskEditing } from '../../../../state/mask-editing.ts';
import { useStudio } from '../../../../state/studio.ts';
import { familyOf } from '../../../../state/testing-tasks.ts';
import { renderPage } from '../../../../testing-page.tsx';
import { InputPicture } from '../input-picture.tsx';
import { NO_FRAME, shaped } from './frame.ts';
import { FrameHandles } from './frame-handles.tsx';
import { FramePanel } from './frame-panel.tsx';
import { MaskCard } from './mask-card.tsx';

const PICTURE = { ref: '7_0', url: '/outputs/7_0.png', width: 512, height: 256 };
const SIZE = { default: 512, min: 64, max: 1024, step: 1 };
const INSIDE = familyOf({ id: 'inside', types: ['inpaint'], size: SIZE });
const WIDER = familyOf({ id: 'wider', types: ['inpaint'], outpaint: true, size: SIZE });
const EMPTY = useDraft.getState();

afterEach(() => {
  useDraft.setState(EMPTY, true);
  useMaskEditing.setState({ tool: null });
});

/** Handles and numbers of one frame. */
function Frame() {
  const [outpaint, setOutpaint] = useState<Outpaint>(NO_FRAME);
  return (
    <>
      <FrameHandles
        {...{ picture: PICTURE, scale: 1, style: {}, step: 8 }}
        margins={outpaint}
        onMove={(wanted) => setOutpaint({ ...outpaint, ...wanted })}
      />
      <FramePanel picture={PICTURE} outpaint={outpaint} onChange={setOutpaint} onTyped={() => {}} step={8} />
    </>
  );
}

describe('a frame', () => {
  test('is moved by arrow keys: outwards, inwards, by a lot, and back', async () => {
    await renderPage(<Frame />);
    const left = screen.getByRole('slider', { name: 'Left' });
    fireEvent.keyDown(left, { key: 'ArrowLeft', shiftKey: true });
    expect(left.getAttribute('aria-valuenow')).toBe('64');
    fireEvent.keyDown(left, { key: 'ArrowRight' });
    expect(left.getAttribute('aria-valuetext')).toBe('56 px');
    expect(screen.getByRole('spinbutton', { name: 'Left' })).toHaveProperty('value', '56');
    fireEvent.keyDown(left, { key: 'ArrowUp' });
    expect(left.getAttribute('aria-valuenow')).toBe('56');
    fireEvent.keyDown(left, { key: 'Home' });
    expect(left.getAttribute('aria-valuenow')).toBe('0');
  });

  test('takes a shape, a share of the picture at each side, and none', async () => {
    await renderPage(<Frame />);
    const value = (side: string) =>
      (screen.getByRole('spinbutton', { name: side }) as HTMLInputElement).value;
    await userEvent.click(screen.getByRole('button', { name: '1:1' }));
    expect([value('Top'), value('Bottom'), value('Left')]).toEqual(['128', '128', '0']);
    await userEvent.click(screen.getByRole('button', { name: '+25 % on each side' }));
    expect([value('Top'), value('Bottom'), value('Left'), value('Right')]).toEqual([
      '64',
      '64',
      '128',
      '128',
    ]);
    expect(screen.getByRole('status').textContent).toMatch(/^Result: 768 × 384\./);
    await userEvent.click(screen.getByRole('button', { name: 'No frame' }));
    expect([value('Top'), value('Left')]).toEqual(['0', '0']);
  });
});

test.each(['99999', '-5'])('a frame refuses %s at its side, and says what may be there', async (text) => {
  await renderPage(<Frame />);
  const left = screen.getByRole('spinbutton', { name: 'Left' });
  fireEvent.change(left, { target: { value: text } });
  const problem = screen.getByRole('alert');
  expect(problem.textContent).toBe('A whole number from 0 px to 4096 px.');
  expect(left.getAttribute('aria-describedby')).toBe(problem.id);
  fireEvent.change(left, { target: { value: '12' } });
  expect(screen.queryByRole('alert')).toBeNull();
});

test.each([
  [512, 256],
  [5000, 5000],
  [8192, 3900],
  [8190, 100],
  [100, 8190],
  [5656, 5656],
])('shapes around %i × %i stay within the limits of a frame', (width, height) => {
  const shapes = [1, 4 / 3, 9 / 16, 20].map((ratio) => ({ ratio }));
  for (const shape of [...shapes, { factor: 1.5 }, { factor: 2 }]) {
    const margins = shaped({ width, height }, shape, 8);
    const frame = extendedSize({ width, height }, margins);
    expect(Math.max(...Object.values(margins))).toBeLessThanOrEqual(MAX_MARGIN_PX);
    expect(Math.max(frame.width, frame.height)).toBeLessThanOrEqual(MAX_EXTENDED_SIDE_PX);
    expect(frame.width * frame.height).toBeLessThanOrEqual(MAX_EXTENDED_PIXELS);
    expect([0, width % 8]).toContain(frame.width % 8);
    expect([0, height % 8]).toContain(frame.height % 8);
  }
});

describe('the picture of an inpainting in the form', () => {
  test('shows the extended size, and leads to the editor where a model extends', async () => {
    useStudio.setState({ families: [INSIDE, WIDER] });
    compose({ mode: 'inpaint', input: PICTURE, outpaint: { ...NO_FRAME, left: 64 } });
    await renderPage(<MaskCard picture={PICTURE} />);
    expect(screen.getByText('576 × 256 px')).toBeDefined();
    await userEvent.click(screen.getByRole('button', { name: 'Extend the picture' }));
    expect(useMaskEditing.getState().tool).toBe('extend');
    await userEvent.click(screen.getByRole('button', { name: 'No frame' }));
    expect(useDraft.getState().outpaint).toBeNull();
    expect(screen.getByText('512 × 256 px')).toBeDefined();
  });

  test('offers no frame where no model extends', async () => {
    useStudio.setState({ families: [INSIDE] });
    compose({ mode: 'inpaint', input: PICTURE });
    await renderPage(<MaskCard picture={PICTURE} />);
    expect(screen.queryByRole('button', { name: 'Extend the picture' })).toBeNull();
  });
});

test.each([
  [{ ...WIDER, extends_by_words: false }, 1],
  [WIDER, 0],
])(
  'beside the picture the prompt is said to have no effect where it has none (%#)',
  async (family, notes) => {
    compose({ mode: 'inpaint', input: PICTURE, outpaint: { ...NO_FRAME, left: 64 } });
    await renderPage(<InputPicture family={family} />);
    expect(screen.queryAllByText(/the prompt has no effect there/)).toHaveLength(notes);
  },
);

describe('a draft with a frame', () => {
  const framed = () => {
    compose({ mode: 'inpaint', prompt: 'a hall', input: PICTURE, family: 'inside' });
    compose({ outpaint: { ...NO_FRAME, right: 512 } });
    return useDraft.getState();
  };

  test('needs no mask, goes to a model that extends, and has its shape', () => {
    const draft = framed();
    expect(familyFor([INSIDE, WIDER], draft)?.id).toBe('wider');
    expect(obstacle(draft, WIDER, 1)).toBeNull();
    expect(obstacle(draft, familyFor([INSIDE], draft), 1)).toBe('composer.extendNot');
    const size = sizeFor(WIDER, draft);
    expect((size?.width ?? 0) / (size?.height ?? 1)).toBeCloseTo(4, 1);
  });

  test('loses it with its picture, and a chosen size with another frame', () => {
    framed();
    compose({ ratio: 'free', free: { width: 512, height: 128 }, longSide: 512 });
    compose({ outpaint: { ...NO_FRAME, right: 256 } });
    expect(useDraft.getState()).toMatchObject({ ratio: '1:1', free: null });
    compose({ input: { ...PICTURE, ref: '8_0' } });
    expect(useDraft.getState().outpaint).toBeNull();
  });
});
