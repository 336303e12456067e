import { describe, expect, it } from 'vitest';
import { zh } from './chinese-spacing.ts';
import { errorSentence } from './error.ts';

describe('an inserted value of a Chinese sentence', () => {
  it.each([
    ['未知类型', '该文件为未知类型，请改用'],
    ['PSD', '该文件为 PSD，请改用'],
    ['「我的」', '该文件为「我的」，请改用'],
  ])('%s has a space beside Chinese characters only if it is Latin', (kind, sentence) => {
    expect(zh`该文件为 ${kind}，请改用`).toBe(sentence);
  });

  it('keeps its own spaces, and those of the sentence beside Latin words', () => {
    expect(zh`${'服务器 甲'} 缺少 ${'LoRA 文件'} 的 LoRA ${'文件'}`).toBe(
      '服务器 甲缺少 LoRA 文件的 LoRA 文件',
    );
    expect(zh`第 ${3} 张，共 ${12} 张`).toBe('第 3 张，共 12 张');
  });

  it('is inserted so in the sentences of errors', () => {
    const kind = { en: 'of an unknown kind', zh: '未知类型' };
    expect(errorSentence('file_type', 'zh', { kind })).toContain('该文件为未知类型，');
    expect(errorSentence('file_type', 'zh', { kind: 'PSD' })).toContain('该文件为 PSD，');
  });
});
