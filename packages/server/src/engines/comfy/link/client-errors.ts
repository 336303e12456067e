/**
 * Converts refusals and errors of ComfyUI to codes of the contract. Tracebacks and folders of the server must not pass;
 * sentences name the node, the input and the file.
 */
import { type Bilingual, StudioError } from '@limner/contract';
import { mebibytes } from './client-limits.ts';
import type { NodeFault, Refusal } from './client-shapes.ts';

/** The server's name and address in errors. */
export interface ServerName {
  name: string;
  /** Address without credentials. */
  url: string;
}

export interface NodeFailure {
  node_id?: unknown;
  node_type?: unknown;
  exception_type?: unknown;
  exception_message?: unknown;
}

export const unreachable = (server: ServerName, cause?: unknown): StudioError =>
  new StudioError('engine_unreachable', { data: { engine: server.name, url: server.url }, cause });

/** It accepts connections but does not answer: it or its machine hangs. */
export const notResponding = (server: ServerName, cause?: unknown): StudioError =>
  new StudioError('engine_not_responding', { data: { engine: server.name, url: server.url }, cause });

export const answerTooLarge = (server: ServerName, limitBytes: number): StudioError =>
  new StudioError('engine_answer_too_large', {
    data: { engine: server.name, url: server.url, limit: mebibytes(limitBytes) },
  });

export const authRefused = (server: ServerName): StudioError =>
  new StudioError('engine_auth', { data: { engine: server.name, url: server.url } });

export const jobLost = (server: ServerName): StudioError =>
  new StudioError('job_lost', { data: { engine: server.name } });

export const engineFailed = (server: ServerName, reason: Bilingual): StudioError =>
  new StudioError('engine_failed', { data: { engine: server.name, reason } });

export function uploadTooLarge(server: ServerName, limitBytes: number | null): StudioError {
  const limit = limitBytes === null ? '?' : mebibytes(limitBytes);
  return new StudioError('engine_upload_too_large', { data: { engine: server.name, limit } });
}

/** A 400 of `POST /prompt`, or the `node_errors` that came along with a 200. */
export function refused(server: ServerName, body: Refusal): StudioError {
  const [nodeId, node] = Object.entries(body.node_errors ?? {})[0] ?? [];
  const fault = node?.errors?.[0];
  if (nodeId === undefined || !fault) return refusedWhole(server, body.error);
  return new StudioError('engine_refused', {
    data: {
      engine: server.name,
      node: shown(`${node?.class_type ?? '?'} #${nodeId}`),
      field: faultField(fault),
      reason: faultReason(fault),
    },
  });
}

/** An unknown node class fails the whole prompt without errors per node; the message contains the class. */
function refusedWhole(server: ServerName, error: Refusal['error']): StudioError {
  const said = typeof error === 'string' ? { message: error } : (error ?? {});
  const node = /'?#?(\w+)'?$/.exec(said.details ?? '')?.[1];
  const message = shown(said.message) || shown(said.type) || 'invalid prompt';
  return new StudioError('engine_refused', {
    data: {
      engine: server.name,
      node: node ? shown(`#${node}`) : '–',
      field: shown(said.type) || 'prompt',
      reason: message,
    },
  });
}

const faultField = (fault: NodeFault): string =>
  shown(String(fault.extra_info?.input_name ?? fault.details?.split(/[\s:]/)[0] ?? '')) || '?';

function faultReason(fault: NodeFault): Bilingual {
  const value = shown(
    String(fault.extra_info?.received_value ?? /'([^']*)' not in/.exec(fault.details ?? '')?.[1] ?? ''),
  );
  switch (fault.type) {
    case 'required_input_missing':
      return { en: 'it is required and was not sent', zh: '缺少必填输入' };
    case 'value_not_in_list':
      return { en: `the server does not have "${value}"`, zh: `服务器上没有「${value}」` };
    case 'value_smaller_than_min':
      return { en: `${value} is too small`, zh: `${value} 太小` };
    case 'value_bigger_than_max':
      return { en: `${value} is too big`, zh: `${value} 太大` };
    default: {
      // Exceptions during validation have a traceback in extra_info and paths in details, so only the message is shown.
      const detail = fault.type?.startsWith('exception_') ? '' : shown(fault.details);
      const text = [shown(fault.message), detail].filter(Boolean).join(': ') || shown(fault.type) || '?';
      return { en: text, zh: text };
    }
  }
}

/** `execution_error`, from the socket or the history. */
export function nodeFailed(server: ServerName, failure: NodeFailure): StudioError {
  const reason =
    shown(String(failure.exception_message ?? '')) || shown(String(failure.exception_type ?? '')) || '?';
  if (isOutOfMemory(failure)) return new StudioError('out_of_memory', { data: { engine: server.name } });
  return new StudioError('engine_node_failed', {
    data: {
      engine: server.name,
      node: shown(`${failure.node_type ?? '?'} #${failure.node_id ?? '?'}`),
      reason,
    },
    again: !endsAlike(failure),
  });
}

/** Python's errors for wrong input, files or code: the same node fails the same way on the same server. */
const ALIKE =
  /(^|\.)(Value|Type|Key|Index|Attribute|Assertion|NotImplemented|Name|Import|ModuleNotFound|FileNotFound|ZeroDivision|Overflow|Unicode\w*|Safetensor)Error$/;
/** Messages of torch's RuntimeError, which also has other causes. */
const ALIKE_MESSAGE =
  /sizes? (of tensors )?(mismatch|must match)|size mismatch|shapes? cannot be multiplied|must match the size of|expected (input|scalar type|all tensors|stride|\d+D)|given groups=|not implemented for|Error\(s\) in loading state_dict/i;

const endsAlike = ({ exception_type, exception_message }: NodeFailure): boolean =>
  ALIKE.test(String(exception_type ?? '')) || ALIKE_MESSAGE.test(String(exception_message ?? ''));

const isOutOfMemory = (failure: NodeFailure): boolean =>
  /OutOfMemory|MemoryError/.test(String(failure.exception_type ?? '')) ||
  /out of memory|Allocation on device/i.test(String(failure.exception_message ?? ''));

const MAX_REASON_CHARS = 300;
const MAX_READ_CHARS = 4_000;

/** First line, without folders: `/srv/comfy/models/a.safetensors` and `C:\comfy\a.gguf` keep their last part. */
export function shown(text: string | null | undefined): string {
  // Truncated first, because the server can send any length.
  const [line = ''] = (text ?? '').slice(0, MAX_READ_CHARS).trim().split(/\r?\n/);
  return line
    .replace(/(?<![\w.:/])(?:[A-Za-z]:)?(?:[\\/][^\\/\s'":,()]+)+[\\/]([^\\/\s'":,()]+)/g, '$1')
    .slice(0, MAX_REASON_CHARS)
    .trim();
}
