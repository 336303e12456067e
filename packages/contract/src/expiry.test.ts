import { describe, expect, it } from 'vitest';
import { expiresAt } from './expiry.ts';

const ended = { status: 'completed', completed_at: '2026-05-04T10:00:00.000Z', stars: 0 } as const;

describe('the date of a clean-up by age', () => {
  it('is so many days after the end', () => {
    expect(expiresAt(ended, 7)).toBe('2026-05-11T10:00:00.000Z');
    expect(expiresAt({ ...ended, status: 'failed' }, 1)).toBe('2026-05-05T10:00:00.000Z');
  });

  it.each([
    ['pictures are kept', ended, 0],
    ['one is starred', { ...ended, stars: 1 }, 7],
    ['the task has not ended', { ...ended, status: 'running', completed_at: null } as const, 7],
    ['it runs again', { ...ended, status: 'queued' } as const, 7],
  ])('is none where %s', (_, task, days) => {
    expect(expiresAt(task, days)).toBeNull();
  });
});
