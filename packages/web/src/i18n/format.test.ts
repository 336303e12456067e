// @vitest-environment happy-dom
import i18next from 'i18next';
import { beforeAll, describe, expect, test } from 'vitest';
import { about, between } from './format.ts';
import { speak, startI18n } from './i18n.ts';

beforeAll(() => startI18n('en'));

const SHORT = { low: 0.2, high: 0.7 };
const ONE = { low: 5, high: 5 };
const SOME = { low: 4, high: 9 };

/** Every sentence with an estimate. */
const said = (range: typeof SHORT) => {
  const time = about(range);
  return [
    i18next.t('wall.left', { time }),
    i18next.t('wall.waitingIn', { time }),
    i18next.t('tile.startsIn', { time }),
    i18next.t('history.started', { nth: '2', time }),
    i18next.t('composer.perPicture', { time }),
    about(range, 'composer.about'),
  ];
};

describe('an estimate', () => {
  test('in English', async () => {
    await speak('en');
    expect(said(SHORT)).toEqual([
      'less than a second left',
      'starts in less than a second',
      'starts in less than a second',
      '2 in the queue, starts in less than a second',
      'less than a second per picture',
      'less than a second',
    ]);
    expect(said(ONE).slice(0, 2)).toEqual(['about 5 s left', 'starts in about 5 s']);
    expect(said(SOME)).toEqual([
      'about 4–9 s left',
      'starts in about 4–9 s',
      'starts in about 4–9 s',
      '2 in the queue, starts in about 4–9 s',
      'about 4–9 s per picture',
      '≈ 4–9 s',
    ]);
    expect(i18next.t('queue.endsIn', { time: between(SHORT) })).toBe('less than a second left');
  });

  test('in Chinese', async () => {
    await speak('zh');
    expect(said(SHORT)).toEqual([
      '还需不到 1 秒',
      '不到 1 秒后开始',
      '不到 1 秒后开始',
      '排在第 2 位，不到 1 秒后开始',
      '本机不到 1 秒一张',
      '不到 1 秒',
    ]);
    expect(said(SOME)).toEqual([
      '还需约 4–9 秒',
      '约 4–9 秒后开始',
      '约 4–9 秒后开始',
      '排在第 2 位，约 4–9 秒后开始',
      '本机约 4–9 秒一张',
      '约 4–9 秒',
    ]);
  });
});
