import type { WorkflowDetail, WorkflowField } from '@limner/contract';
import { describe, expect, test } from 'vitest';
import { changeOf, formOf, formProblem, newRow } from './workflow-form.ts';

const field = (node: string, input: string, more: Partial<WorkflowField> = {}): WorkflowField => ({
  node,
  class_type: 'KSampler',
  title: null,
  input,
  value: 20,
  type: 'integer',
  ...more,
});

const workflow: WorkflowDetail = {
  id: 'workflow-icons',
  label: { en: 'Icons', zh: '图标' },
  description: { en: 'Small icons.', zh: 'Small icons.' },
  licence: null,
  kind: 'generation',
  is_example: false,
  enabled: true,
  nodes: 3,
  map: { steps: [{ node: '3', input: 'steps' }], glow: [{ node: '4', input: 'on' }] },
  params: {
    steps: { default: 12, min: 4, max: 30, step: 2 },
    glow: { label: { en: 'Glow', zh: '光晕' }, default: true },
  },
  examples: [],
  keys: ['steps', 'glow', 'artist'],
  fields: [
    field('3', 'steps'),
    field('4', 'on', { value: false, type: 'choice' }),
    field('6', 'text', { value: 'pixel art, {{prompt}}, {{ artist }}', type: 'text' }),
  ],
  needs: { nodes: [], files: [] },
  servers: [],
};

describe('the form of a workflow', () => {
  test('unchanged it sends what it was made of', () => {
    const { label, description, licence, kind, map, params } = workflow;
    // A text that is the same in both languages is written once.
    expect(changeOf(formOf(workflow), workflow.fields)).toEqual({
      label,
      description: { en: description?.en },
      licence,
      kind,
      map,
      params,
    });
  });

  test('has a row for a key that only a text names, and sends its default', () => {
    const form = formOf(workflow);
    expect(form.rows.map(({ key }) => key)).toEqual(['steps', 'glow', 'artist']);
    const rows = form.rows.map((row) => (row.key === 'artist' ? { ...row, usual: '7' } : row));
    const change = changeOf({ ...form, rows }, workflow.fields);
    expect(change.params?.artist).toEqual({ default: '7' });
    expect(change.map).not.toHaveProperty('artist');
  });

  test('takes numbers as input methods write them, and no others', () => {
    const form = formOf(workflow);
    const steps = (change: object) => ({
      ...form,
      rows: form.rows.map((row) => (row.key === 'steps' ? { ...row, ...change } : row)),
    });
    expect(changeOf(steps({ usual: '１６', max: '' }), workflow.fields).params?.steps).toEqual({
      default: 16,
      min: 4,
      step: 2,
    });
    expect(formProblem(steps({ min: 'few' }))).toBe('workflows.noNumber');
    expect(formProblem(form)).toBeNull();
  });

  test('needs a name, and each parameter once, and a parameter for each row; an empty row is not sent', () => {
    const form = formOf(workflow);
    expect(formProblem({ ...form, en: ' ', zh: '' })).toBe('workflows.nameFirst');
    const twice = { ...form, rows: [...form.rows, { ...newRow(), key: 'steps' }] };
    expect(formProblem(twice)).toBe('workflows.keyTwice');
    const started = [
      { targets: [{ node: '3', input: 'seed' }] },
      { isOwn: true },
      { usual: '7' },
      { en: '!' },
    ];
    for (const row of started)
      expect(formProblem({ ...form, rows: [...form.rows, { ...newRow(), ...row }] })).toBe(
        'workflows.keyFirst',
      );
    const empty = { ...form, rows: [...form.rows, newRow()] };
    expect(changeOf(empty, workflow.fields)).toEqual(changeOf(form, workflow.fields));
  });
});
