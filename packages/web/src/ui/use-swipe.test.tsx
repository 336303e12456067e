// @vitest-environment happy-dom
import { fireEvent, render } from '@testing-library/react';
import { expect, test } from 'vitest';
import { useSwipe } from './use-swipe.ts';

const turned: number[] = [];
function Page() {
  const swipe = useSwipe(
    (direction) => turned.push(direction),
    ({ y }) => y > 500,
  );
  return <main {...swipe} />;
}

test('a swipe to the side turns, but not one down, a short one, or one on what has its own gestures', () => {
  const { container } = render(<Page />);
  const page = container.querySelector('main') as HTMLElement;
  const swipe = (from: [number, number], to: [number, number]) => {
    const touch = ([clientX, clientY]: [number, number]) => ({ clientX, clientY }) as Touch;
    fireEvent.touchStart(page, { touches: [touch(from)] });
    fireEvent.touchEnd(page, { changedTouches: [touch(to)] });
  };
  swipe([300, 100], [200, 110]);
  swipe([100, 100], [220, 90]);
  expect(turned).toEqual([1, -1]);
  swipe([300, 100], [280, 100]);
  swipe([300, 100], [200, 300]);
  swipe([300, 520], [100, 520]);
  expect(turned).toEqual([1, -1]);
});
