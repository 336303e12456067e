import { describe, expect, it } from 'vitest';
import { nodeFailed, refused, shown } from './client-errors.ts';

const server = { name: 'box', url: 'http://box:8188' };

/** As recorded from ComfyUI 0.3.64: the faults of one node, in the shape of a 400. */
const refusal = (class_type: string, fault: object) => ({
  error: {
    type: 'prompt_outputs_failed_validation',
    message: 'Prompt outputs failed validation',
    details: '',
  },
  node_errors: { '13': { class_type, dependent_outputs: ['9'], errors: [fault] } },
});

describe('a refusal', () => {
  it.each([
    [
      'a file or word that is not there',
      {
        type: 'value_not_in_list',
        message: 'Value not in list',
        details: "type: '0' not in ['auto', 'openpose']",
        extra_info: { input_name: 'type', received_value: '0' },
      },
      'type: the server does not have "0"',
    ],
    [
      'an input that was not sent',
      {
        type: 'required_input_missing',
        message: 'Required input is missing',
        details: 'steps',
        extra_info: { input_name: 'steps' },
      },
      'steps: it is required and was not sent',
    ],
    [
      'a number out of range',
      {
        type: 'value_bigger_than_max',
        message: 'Value 99999 bigger than max of 16384',
        details: 'width',
        extra_info: { input_name: 'width', received_value: 99999 },
      },
      'width: 99999 is too big',
    ],
    [
      "a node's own check",
      {
        type: 'custom_validation_failed',
        message: 'Custom validation failed for node',
        details: 'image - Invalid image file: nope.png',
        extra_info: { input_name: 'image' },
      },
      'image: Custom validation failed for node: image - Invalid image file: nope.png',
    ],
    [
      'an exception, without its traceback',
      {
        type: 'exception_during_validation',
        message: 'Exception when validating node',
        details: '/srv/comfy/execution.py line 3',
        extra_info: {
          exception_type: 'KeyError',
          traceback: ['/srv/comfy/execution.py'],
          input_name: 'model',
        },
      },
      'model: Exception when validating node',
    ],
  ])('names node, input and reason of %s', (_, fault, sentence) => {
    const error = refused(server, refusal('SetUnionControlNetType', fault));
    expect(error.code).toBe('engine_refused');
    expect(error.message).toBe(`box refused the job: node SetUnionControlNetType #13, ${sentence}`);
  });

  it('of an unknown node class says which', () => {
    const message = 'Cannot execute because node BlurPreprocessor does not exist.';
    const error = refused(server, {
      error: { type: 'invalid_prompt', message, details: "Node ID '#11'" },
      node_errors: {},
    });
    expect(error.message).toBe(`box refused the job: node #11, invalid_prompt: ${message}`);
  });

  it('speaks both languages', () => {
    const fault = { type: 'required_input_missing', details: 'steps', extra_info: { input_name: 'steps' } };
    expect(refused(server, refusal('KSampler', fault)).body('zh').message).toBe(
      'box 拒绝了任务：节点 KSampler #13，steps：缺少必填输入',
    );
  });
});

describe('a failure of a node', () => {
  const failure = { node_id: '7', node_type: 'KSampler', exception_type: 'ValueError' };

  it('keeps the first line and no folders', () => {
    const exception_message =
      'cannot read /home/ada/comfy/models/vae/ae.safetensors\n  File "/home/ada/x.py"';
    const error = nodeFailed(server, { ...failure, exception_message });
    expect(error.message).toBe('box failed in node KSampler #7: cannot read ae.safetensors');
  });

  it.each([
    { exception_type: 'torch.OutOfMemoryError', exception_message: 'Allocation on device' },
    {
      exception_type: 'torch.cuda.OutOfMemoryError',
      exception_message: 'CUDA out of memory. Tried to allocate',
    },
    { exception_type: 'RuntimeError', exception_message: 'MPS backend out of memory' },
  ])('knows running out of memory by $exception_type', (exception) => {
    expect(nodeFailed(server, { ...failure, ...exception }).code).toBe('out_of_memory');
  });

  it.each([
    { exception_type: 'ValueError', exception_message: 'cannot unpack' },
    { exception_type: 'safetensors_rust.SafetensorError', exception_message: 'header too small' },
    {
      exception_type: 'RuntimeError',
      exception_message: 'mat1 and mat2 shapes cannot be multiplied (77x768 and 4096x3072)',
    },
    { exception_type: 'RuntimeError', exception_message: 'Error(s) in loading state_dict for UNet:' },
  ])('that ends alike each time is not worth another try: $exception_message', (exception) => {
    expect(nodeFailed(server, { ...failure, ...exception }).again).toBe(false);
  });

  it.each([
    { exception_type: 'RuntimeError', exception_message: 'CUDA error: an illegal memory access' },
    { exception_type: 'ConnectionError', exception_message: 'the remote end closed the connection' },
    { exception_type: 'MyNodeError', exception_message: 'nobody knows' },
  ])('that may pass is tried again: $exception_message', (exception) => {
    expect(nodeFailed(server, { ...failure, ...exception }).again).toBe(true);
  });

  it('that says nothing is named by its type', () => {
    expect(nodeFailed(server, failure).message).toContain('ValueError');
  });
});

describe('what is shown', () => {
  it.each([
    ['C:\\ComfyUI\\models\\unet\\flux.gguf is cut short', 'flux.gguf is cut short'],
    ['expected 3/4 of hed/pidi/scribble', 'expected 3/4 of hed/pidi/scribble'],
    ['see https://example.org/a/b', 'see https://example.org/a/b'],
    ["'/srv/a/b.png' not found", "'b.png' not found"],
  ])('%s → %s', (text, expected) => {
    expect(shown(text)).toBe(expected);
  });
});
