import type { EngineHealth } from '@limner/contract';
import { expect, test } from 'vitest';
import { familyOf } from '../../state/testing-tasks.ts';
import { verdict } from './abilities.ts';

const LANE = { label: { en: 'Flux', zh: 'Flux' }, lane: 'comfy', at_once: 1 };

const engine = {
  id: 'attic',
  kind: 'comfy',
  label: { en: 'Attic PC', zh: 'Attic PC' },
  families: ['flux'],
} as EngineHealth;

test('an engine can what some family can there, lacks what only misses something, and cannot the rest', () => {
  const families = [
    familyOf({
      id: 'flux',
      types: ['txt2img'],
      engines: [{ engine: 'comfy', available: true, missing: [], ...LANE }],
    }),
    familyOf({ types: ['img2img'], engines: [{ engine: 'attic', available: false, missing: [], ...LANE }] }),
    familyOf({
      kind: 'upscale',
      types: [],
      engines: [
        {
          engine: 'comfy',
          available: false,
          missing: [{ what: 'node', name: 'x', server: 'Attic PC', cure: { en: '', zh: '' } }],
          ...LANE,
        },
      ],
    }),
    familyOf({ types: ['inpaint'], engines: [{ engine: 'other', available: true, missing: [], ...LANE }] }),
  ];
  expect(verdict(engine, families, 'txt2img')).toBe('able');
  expect(verdict(engine, families, 'img2img')).toBe('lacking');
  expect(verdict(engine, families, 'upscale')).toBe('lacking');
  expect(verdict(engine, families, 'inpaint')).toBe('unable');
});

test('an engine that is switched off lacks nothing', () => {
  const family = familyOf({ engines: [{ engine: 'attic', available: false, missing: [], ...LANE }] });
  expect(verdict({ ...engine, status: 'disabled' }, [family], 'txt2img')).toBe('unable');
});
