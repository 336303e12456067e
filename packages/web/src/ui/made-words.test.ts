// @vitest-environment happy-dom
import i18next from 'i18next';
import { afterEach, expect, it } from 'vitest';
import { startI18n } from '../i18n/i18n.ts';
import { countedWords, madeCounts, madeWords } from './made-words.ts';

afterEach(() => startI18n('en'));

const made = (task_kind: 'generation' | 'video' | 'animation', count: number) => ({
  task_kind,
  output_paths: Array<string>(count).fill('/outputs/x'),
});

it.each([
  ['en', ['3 pictures, 1 video, 2 animations', '0 pictures', '1 video', '2 videos', '1 animation']],
  ['zh', ['3 张、1 个视频、2 个动画', '0 张', '1 个视频', '2 个视频', '1 个动画']],
] as const)('things are called what they are in %s', async (language, expected) => {
  await startI18n(language);
  const t = i18next.t.bind(i18next);
  const mixed = [made('generation', 3), made('video', 1), made('animation', 2)];
  expect([
    madeWords(madeCounts(mixed), t),
    madeWords(madeCounts([]), t),
    madeWords(madeCounts([made('video', 1)]), t),
    countedWords('video', 2, t),
    countedWords('animation', 1, t),
  ]).toEqual(expected);
});
