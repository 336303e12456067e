import { describe, expect, it } from 'vitest';
import { barSteps, lossIn, readBar, withoutBar } from './bar.ts';

/** As the programs print them. */
const FRAMES = {
  kohya: 'steps:   1%|▏         | 17/2100 [01:56<3:57:22,  6.84s/it, avr_loss=0.343]',
  mflux: ' 50%|█████     | 3/6 [00:00<00:00,  6.66it/s]',
  first: '  0%|          | 0/6 [00:00<?, ?it/s]',
  ascii: ' 50%|#####     | 3/6 [00:00<00:00,  6.66it/s]',
  aiToolkit: 'ink:  12%|█▏        | 250/2000 [10:12<1:11:24,  2.45s/it, lr: 1.0e-04 loss: 3.456e-01]',
  comfyui: 'Training LoRA:  33%|███▎      | 2/6 [00:35<01:11, 17.76s/it, loss=1.0188]',
  prefixed: '[2026-01-02 10:00:00] [INFO] steps:   1%|▏| 17/2100 [01:56<3:57:22,  6.84s/it, avr_loss=0.343]',
  cut: 'steps:   1%|▏         | 17/2100 [01:56<3:57:22,  6.84s/it, avr_los',
};

describe('a frame of a bar', () => {
  it.each([
    ['kohya', { description: 'steps', done: 17, total: 2100, loss: 0.343 }],
    ['mflux', { description: '', done: 3, total: 6, loss: null }],
    ['first', { description: '', done: 0, total: 6, loss: null }],
    ['ascii', { description: '', done: 3, total: 6, loss: null }],
    ['aiToolkit', { description: 'ink', done: 250, total: 2000, loss: 0.3456 }],
    ['comfyui', { description: 'Training LoRA', done: 2, total: 6, loss: 1.0188 }],
    ['cut', { description: 'steps', done: 17, total: 2100, loss: null }],
  ] as const)('of %s says its steps', (name, bar) => {
    expect(readBar(FRAMES[name])).toEqual(bar);
  });

  it('is found behind the prefix of a logger', () => {
    expect(readBar(FRAMES.prefixed)).toMatchObject({ done: 17, total: 2100, loss: 0.343 });
  });

  it.each(['saving checkpoint: 17/2100', 'epoch 1/10', '50% done', 'a | b | 3/4 [x]', ''])(
    'is not %j',
    (line) => {
      expect(readBar(line)).toBeNull();
    },
  );

  it('that is broken off has the words of the failure behind it', () => {
    expect(withoutBar(`${FRAMES.mflux}Traceback (most recent call last):`)).toBe(
      'Traceback (most recent call last):',
    );
    expect(withoutBar(FRAMES.kohya)).toBe('');
    expect(withoutBar('ValueError: bad')).toBe('ValueError: bad');
  });

  it('whose loss is not a number has none', () => {
    expect(readBar('steps: 1%|▏| 17/2100 [01:56<1:00, 6s/it, avr_loss=nan]')?.loss).toBeNull();
    expect(lossIn('grad_loss_scale=3, loss=0.5')).toBe(0.5);
  });
});

describe('the steps of a bar', () => {
  it('are told by its total, and counted from where the process resumed', () => {
    const read = barSteps({ total: 2100, from: 400 });
    expect(read(FRAMES.kohya)).toEqual([{ step: 417, loss: 0.343 }]);
    expect(read(FRAMES.mflux)).toEqual([]);
    expect(read('steps:   0%|          | 0/2100 [00:00<?, ?it/s]')).toEqual([]);
  });

  it('are those of its description where several bars have one total', () => {
    const read = barSteps({ total: 6, description: 'Training LoRA' });
    expect(read(FRAMES.mflux)).toEqual([]);
    expect(read(FRAMES.comfyui)).toEqual([{ step: 2, loss: 1.0188 }]);
  });
});

it.each([
  ['step 10/1000 loss 0.3', 0.3],
  ['step 10/1000 loss: 3.4e-01', 0.34],
  ['step 10/1000 avr_loss=0.5, lr 1e-4', 0.5],
  ['step 10/1000 loss nan', null],
  ['step 10/1000 the loss is 3', null],
])('reads the loss of "%s"', (line, loss) => {
  expect(lossIn(line)).toBe(loss);
});
