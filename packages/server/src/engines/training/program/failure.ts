/** Why a trainer's program ended, from its exit and the last lines of its output. */
import { type Bilingual, StudioError } from '@limner/contract';
import type { FailureKind } from './failure-kind.ts';
import { maskOf } from './secrets.ts';

/** How a program ended; null: nobody saw it. */
export interface ProgramExit {
  code: number | null;
  signal: string | null;
  /** It could not be started: `ENOENT`, `EACCES`. */
  error?: string;
}

/** From the most to the least specific. */
const SIGNS: readonly [FailureKind, RegExp][] = [
  [
    'memory',
    /out of memory|OutOfMemory|\bMemoryError\b|cannot allocate memory|CUBLAS_STATUS_ALLOC_FAILED|insufficient memory/i,
  ],
  ['disk', /no space left on device|disk quota exceeded|\bENOSPC\b/i],
  [
    'access',
    /gated repo|GatedRepo|(401|403) (Client Error|Unauthorized|Forbidden)|access to .* is restricted|token is required|invalid (user )?token|LocalTokenNotFound/i,
  ],
  [
    'network',
    /ConnectionError|Max retries exceeded|name resolution|name or service not known|LocalEntryNotFound|ReadTimeout|connection (reset|refused|timed out)|couldn't connect to/i,
  ],
  [
    'device',
    /no CUDA GPUs are available|Torch not compiled with CUDA|CUDA driver|NVIDIA driver|CUDA error|no kernel image|Metal device/i,
  ],
  ['package', /ModuleNotFoundError|No module named|ImportError|cannot import name/],
  [
    'file',
    /FileNotFoundError|No such file or directory|RepositoryNotFound|EntryNotFound|does not exist|is not a (valid )?(file|folder|directory)/i,
  ],
  [
    'config',
    /unrecognized arguments|invalid choice|error: argument|error: the following arguments|(Key|Type|Value|Validation|Attribute|Assertion|TOMLDecode|JSONDecode)Error|yaml\.|toml/i,
  ],
];

/** Lines that say that something failed, but not what. */
const EMPTY_WORDS =
  /^[\s\-=*#~_.]*$|CalledProcessError|returned non-zero exit status|^\s*(Traceback|File ")|^\s*\^+\s*$|^Result:|\d+ (completed jobs?|failures?)\b/;
const EXCEPTION = /^[\w.]*(Error|Exception|Interrupt|Exit)\b/;
const mask = maskOf({});
const MAX_LINE_CHARS = 300;

export interface Failure {
  kind: FailureKind;
  /** Of its output; null: it wrote nothing that says why. */
  line: string | null;
  /** In place of the usual words for its kind. */
  reason?: Bilingual;
}

/** What `accelerate` says where the program that it launched was ended by a signal; its own exit code is 1 then. */
const CHILD_ENDED = /died with <Signals\.(SIG\w+): \d+>/;

/** `tail`: the last lines without bars, oldest first. */
export function failureOf(ended: ProgramExit | null, tail: readonly string[]): Failure {
  const signal = ended?.code ? CHILD_ENDED.exec(tail.join('\n'))?.[1] : undefined;
  const exit = signal === undefined ? ended : { code: null, signal };
  const lines = tail.filter((line) => !EMPTY_WORDS.test(line)).reverse();
  const found = signIn(lines);
  if (found) return found;
  const line = lines.find((each) => EXCEPTION.test(each)) ?? lines[0] ?? null;
  const said = line === null ? null : shown(line);
  if (exit?.error) return { kind: 'package', line: exit.error };
  // By a person, or by the kernel for want of main memory; nothing tells which.
  if (exit?.signal === 'SIGKILL') return { kind: 'killed', line: said };
  if (exit?.signal) return { kind: 'stopped', line: said };
  if (exit?.code === 0) return { kind: 'no_result', line: said };
  return { kind: exit?.code === 2 ? 'config' : 'ended', line: said };
}

/** The line nearest to the end that is an exception with a sign; else the nearest with one. */
function signIn(lines: readonly string[]): Failure | null {
  for (const some of [lines.filter((line) => EXCEPTION.test(line)), lines])
    for (const line of some)
      for (const [kind, sign] of SIGNS) if (sign.test(line)) return { kind, line: shown(line) };
  return null;
}

const shown = (line: string): string => mask(line.trim()).slice(0, MAX_LINE_CHARS);

/** Another try may end otherwise. */
const AGAIN: readonly FailureKind[] = ['network', 'stopped', 'ended'];

/** `step`: from which it can continue. */
export function trainerFailed(
  { label, cures }: { label: Bilingual; cures?: Partial<Record<FailureKind, Bilingual>> },
  { kind, line, reason = REASONS[kind] }: Failure,
  step: number,
): StudioError {
  const cure = cures?.[kind] ?? curesOf(step > 0 ? RESUME : TRAIN_AGAIN)[kind];
  return new StudioError('trainer_failed', {
    data: {
      ...{ trainer: label, kind, line, step },
      reason,
      said: line === null ? NOTHING : { en: ` Its last words: “${line}”`, zh: `最后的输出：“${line}”。` },
      cure,
    },
    again: AGAIN.includes(kind),
  });
}
const NOTHING = { en: '', zh: '' };

const REASONS: Record<FailureKind, Bilingual> = {
  memory: { en: 'memory ran out', zh: '内存或显存不足' },
  disk: { en: 'the disk is full', zh: '磁盘已满' },
  access: { en: 'it may not download the model', zh: '无权下载模型' },
  network: { en: 'a download failed', zh: '下载失败' },
  file: { en: 'a file is missing', zh: '缺少文件' },
  package: { en: 'it is not completely installed', zh: '程序未完整安装' },
  device: { en: 'it cannot use the graphics card', zh: '无法使用显卡' },
  config: { en: 'it refuses its settings', zh: '设置未被接受' },
  killed: { en: 'it was killed, most often because main memory ran out', zh: '被系统强制结束，多为内存不足' },
  stopped: { en: 'it was stopped from outside', zh: '被外部终止' },
  no_result: { en: 'it ended without a LoRA file', zh: '已结束，但没有生成 LoRA 文件' },
  ended: { en: 'it ended unexpectedly', zh: '意外退出' },
};

/** What the run's button does: it continues from a checkpoint, or begins at the first step. */
const RESUME: Bilingual = { en: 'resume the training', zh: '继续训练' };
const TRAIN_AGAIN: Bilingual = { en: 'train again', zh: '重新训练' };

const curesOf = (next: Bilingual): Record<FailureKind, Bilingual> => ({
  memory: {
    en: 'Use a smaller resolution or rank, or a setting that saves memory; close other programs on the card.',
    zh: '请降低分辨率或 rank，或启用节省显存的设置，并关闭占用显卡的其他程序。',
  },
  disk: {
    en: `Free some space, then ${next.en}.`,
    zh: `请清理磁盘空间，然后${next.zh}。`,
  },
  access: {
    en: "Accept the model's licence on huggingface.co and set HF_TOKEN, or choose a model that is not gated.",
    zh: '请在 huggingface.co 上接受该模型的许可并设置 HF_TOKEN，或选择无需授权的模型。',
  },
  network: {
    en: `Check the connection, or download the model beforehand; then ${next.en}.`,
    zh: `请检查网络，或预先下载模型，然后${next.zh}。`,
  },
  file: {
    en: 'Put the file there, or correct the path in the settings.',
    zh: '请补上该文件，或更正设置中的路径。',
  },
  package: {
    en: 'Install the trainer again with all its requirements, and check the path in the settings.',
    zh: '请重新安装训练器及其全部依赖，并检查设置中的路径。',
  },
  device: {
    en: "Check the card's driver, and that the trainer's Python has a PyTorch for this card.",
    zh: '请检查显卡驱动，以及训练器的 Python 中的 PyTorch 是否支持该显卡。',
  },
  config: {
    en: 'Its version may not fit. The log has the details.',
    zh: '可能是版本不匹配，详情见日志。',
  },
  killed: {
    en: `Close other programs or use a setting that saves memory, then ${next.en}.`,
    zh: `请关闭其他程序或启用节省内存的设置，然后${next.zh}。`,
  },
  stopped: { en: `${next.en.charAt(0).toUpperCase()}${next.en.slice(1)}.`, zh: `请${next.zh}。` },
  no_result: { en: 'The log has the details.', zh: '详情见日志。' },
  ended: { en: 'The log has the details.', zh: '详情见日志。' },
});
