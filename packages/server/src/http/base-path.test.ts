import { ClientMessage, routes, ServerNotice, TaskEvent } from '@limner/contract';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ADDRESS_FIELDS, jsonWriter, withoutBase } from './base-path.ts';

describe('a base path', () => {
  it.each([
    ['/limner', '/'],
    ['/limner/', '/'],
    ['/limner?task=3', '/?task=3'],
    ['/limner/api/tasks?limit=1', '/api/tasks?limit=1'],
    ['/api/tasks', '/api/tasks'],
    ['/limnerx/api', '/limnerx/api'],
    ['/', '/'],
  ])('%s is asked as %s', (address, asked) => expect(withoutBase(address, '/limner')).toBe(asked));

  it('is written before addresses of Limner, and before nothing else', () => {
    const answer = {
      url: '/outputs/1_0.png?v=2',
      output_paths: ['/outputs/1_0.png', '/outputs/1_1.png'],
      thumbnail_url: null,
      prompt: '/outputs/1_0.png',
      engine: { url: 'http://127.0.0.1:8188' },
    };
    expect(JSON.parse(jsonWriter('/limner')(answer))).toEqual({
      ...answer,
      url: '/limner/outputs/1_0.png?v=2',
      output_paths: ['/limner/outputs/1_0.png', '/limner/outputs/1_1.png'],
    });
    expect(jsonWriter('')(answer)).toBe(JSON.stringify(answer));
  });

  it('knows every field of the contract that holds an address', () => {
    const answers = Object.values(routes).flatMap((route) => ('response' in route ? [route.response] : []));
    const fields = [...answers, TaskEvent, ServerNotice, ClientMessage].flatMap(fieldsOf);
    // The name of a LoRA file at an engine.
    const addresses = fields.filter((field) => /(^|_)(url|path)s?$/.test(field) && field !== 'lora_path');
    expect([...new Set(addresses)].sort()).toEqual([...ADDRESS_FIELDS].sort());
  });
});

/** Names of all fields in a schema. */
function fieldsOf(schema: z.ZodType): string[] {
  const names: string[] = [];
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { properties } = value as { properties?: object };
    if (properties) names.push(...Object.keys(properties));
    for (const part of Object.values(value)) walk(part);
  };
  walk(z.toJSONSchema(schema, { unrepresentable: 'any' }));
  return names;
}
