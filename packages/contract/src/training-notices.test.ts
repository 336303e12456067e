import { describe, expect, it } from 'vitest';
import { trainingNotices } from './training-notices.ts';

const picture = (name: string, content = name, side: number | null = 512) => ({
  name,
  content,
  width: side,
  height: side,
});

describe('pictures of a training', () => {
  it('are warned of where they are the same or very small', () => {
    const notices = trainingNotices([
      picture('a', '1'),
      picture('b', '1'),
      picture('c', '2', 16),
      picture('d', '3', null),
    ]);
    expect(notices.map(({ en }) => en)).toEqual([
      'The same picture 2 times: a, b. It teaches no more than once.',
      'Smaller than 64 pixels, so little of the style can be seen: c.',
    ]);
    expect(notices.map(({ zh }) => zh)).toEqual([
      '同一张图片出现 2 次：a、b。重复的图片不会带来更多效果。',
      '小于 64 像素，难以体现画风：c。',
    ]);
  });

  it('are named up to five', () => {
    const [notice] = trainingNotices(Array.from({ length: 8 }, (_, n) => picture(`p${n}`, '1')));
    expect(notice?.en).toContain('p0, p1, p2, p3, p4 and 3 more');
    expect(notice?.zh).toContain('p0、p1、p2、p3、p4 等 8 张');
  });

  it('are not when each is another and large enough', () => {
    expect(trainingNotices([picture('a', '1', 64), picture('b', '2', 64)])).toEqual([]);
  });
});
