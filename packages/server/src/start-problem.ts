/** A reason why Limner cannot start that its user can correct, as a sentence in both languages. */
import type { Bilingual } from '@limner/contract';
import { isDatabaseAway, toStudioError } from './error.ts';

/** Exit codes of the server. */
const CANNOT_START = 2;
export const IN_USE = 3;

export class StartProblem extends Error {
  override name = 'StartProblem';
  readonly texts: Bilingual;
  readonly exitCode: number;

  constructor(
    texts: Bilingual,
    { exitCode = CANNOT_START, cause }: { exitCode?: number; cause?: unknown } = {},
  ) {
    super(texts.en, { cause });
    this.texts = texts;
    this.exitCode = exitCode;
  }
}

const FOLDER_REFUSED = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST']);

type SystemError = Error & {
  code?: string;
  syscall?: string;
  address?: string;
  port?: number;
  path?: string;
};

/** null for errors that are a fault of Limner. */
export function startProblem(error: SystemError): StartProblem | null {
  if (error instanceof StartProblem) return error;
  const texts = textsOf(error);
  return texts && new StartProblem(texts, { cause: error });
}

/** /proc answers ENOENT to every new name. */
const isRefusal = ({ code = '', syscall }: SystemError): boolean =>
  FOLDER_REFUSED.has(code) || (code === 'ENOENT' && syscall === 'mkdir');

function textsOf(error: SystemError): Bilingual | null {
  if (toStudioError(error).code === 'disk_full')
    return {
      en: 'The disk of the data folder is full. Free some space, or choose another folder with LIMNER_DATA_DIR.',
      zh: '数据文件夹所在磁盘已满。请清理出空间，或用 LIMNER_DATA_DIR 另选文件夹。',
    };
  if (isDatabaseAway(error))
    return {
      en: 'The database stopped answering while Limner started. Start Limner again when it answers.',
      zh: '数据库在 Limner 启动过程中停止响应。请在其恢复后重新启动 Limner。',
    };
  if (error?.path !== undefined && isRefusal(error))
    return {
      en: `${error.path} cannot be written (${error.code}). Change its owner, or choose another folder with LIMNER_DATA_DIR.`,
      zh: `无法写入 ${error.path}（${error.code}）。请更改其所有者，或用 LIMNER_DATA_DIR 另选文件夹。`,
    };
  const place = `${error?.address}:${error?.port}`;
  switch (error?.code) {
    case 'EADDRINUSE':
      return {
        en: `${place} is used by another program, perhaps another Limner. Stop that program, or set PORT to a free port.`,
        zh: `${place} 已被其他程序占用，可能是另一个 Limner。请停止它，或用 PORT 指定空闲端口。`,
      };
    case 'EADDRNOTAVAIL':
      return {
        en: `HOST is "${error.address}", which is not an address of this machine.`,
        zh: `HOST 为“${error.address}”，但本机没有这个地址。`,
      };
    case 'EACCES':
      if (error.port === undefined) return null;
      return {
        en: `${place} may not be used without more rights. Set PORT to a number above 1023.`,
        zh: `此处无权使用 ${place}。请将 PORT 设为大于 1023 的端口。`,
      };
    default:
      return null;
  }
}
