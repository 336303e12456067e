import { describe, expect, it } from 'vitest';
import { argumentsOf, noOption, type PlaceValues, readCommandLine } from './command-line.ts';

const values: PlaceValues = {
  ...{
    config: '/run/config.json',
    pictures: '/run/pictures',
    output: '/run/output',
    count: '12',
    steps: '800',
  },
  ...{ rank: '16', learning_rate: '0.0001', resolution: '512', trigger: 'ink wash', seed: '7' },
  ...{ family: 'z-image', resume: '' },
};

const line = (parts: unknown) => {
  const read = readCommandLine(JSON.stringify(parts));
  if (!read) throw new Error('it is no command line');
  return read;
};

describe('a command line', () => {
  it('is filled argument by argument; what a user wrote stays one argument', () => {
    const read = line(['python', 'train.py', '--rank={rank}', '--trigger', '{trigger}', '{output}/{seed}']);
    expect(argumentsOf(read, { ...values, trigger: '; rm -rf / $(x) "{seed}"' })).toEqual([
      ...['train.py', '--rank=16', '--trigger', '; rm -rf / $(x) "{seed}"', '/run/output/7'],
    ]);
  });

  it('leaves a group out where one of its values is empty', () => {
    const read = line(['train', ['--resume', '{resume}'], ['--steps', '{steps}']]);
    expect(argumentsOf(read, values)).toEqual(['--steps', '800']);
    expect(argumentsOf(read, { ...values, resume: '/run/output/5-state' })).toEqual([
      ...['--resume', '/run/output/5-state', '--steps', '800'],
    ]);
  });

  it.each(['train.py --config x', '[]', '[[]]', '["a", "{unknown}"]', '["a", 3]', '["", "b"]', '{"a": 1}'])(
    'is not %s',
    (text) => {
      expect(readCommandLine(text)).toBeNull();
    },
  );

  it('takes no words of users for an option', () => {
    expect(noOption('--output_dir=/etc x')).toBe('output_dir=/etc x');
    expect(noOption('a-b')).toBe('a-b');
  });
});
