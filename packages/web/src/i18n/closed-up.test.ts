// @vitest-environment happy-dom
import i18next from 'i18next';
import { beforeAll, expect, test } from 'vitest';
import { startI18n } from './i18n.ts';

beforeAll(() => startI18n('zh'));

test.each([
  ['画室服务器', '画室服务器已具备所需的一切。'],
  ['GPU 甲', 'GPU 甲已具备所需的一切。'],
  ['GPU', 'GPU 已具备所需的一切。'],
  ['甲 (1.*)', '甲 (1.*) 已具备所需的一切。'],
])('a Chinese sentence has a space beside %j unless it ends in Chinese', (server, sentence) => {
  expect(i18next.t('workflows.runsOn', { server })).toBe(sentence);
});
