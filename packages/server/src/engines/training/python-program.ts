/**
 * A trainer that is a folder of Python scripts with a Python of its own: whether it is there, which version it has, and
 * which of the packages it needs are not installed. Nothing is imported for that, because that alone takes many seconds.
 */
import { execFile } from 'node:child_process';
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Bilingual, Missing } from '@limner/contract';
import { z } from 'zod';
import { parsedOrNull } from '../../parsed-or-null.ts';

export interface PythonProgramSettings {
  /** null: not configured. */
  folder: string | null;
  /** An absolute path, or a name in PATH; null: the one of the folder's virtual environment. */
  python: string | null;
  /** Variables that it gets; see `program/environment.ts`. */
  env: Readonly<Record<string, string>>;
}

export interface PythonProgramFacts {
  /** As its users call it. */
  name: string;
  /** The repository on GitHub, with its owner. */
  source: string;
  licence: string;
  /** Below its folder; without it, the folder is another one. */
  script: string;
  /** What it cannot train without. */
  packages: readonly string[];
  /** The variables that configure it. */
  variables: { folder: string; python: string };
  /** A file below its folder that names its version. */
  version: { file: string; pattern: RegExp };
}

const PROBE_TIMEOUT_MS = 20_000;
const Probe = z.object({ absent: z.array(z.string()) });

export class PythonProgram {
  readonly #facts: PythonProgramFacts;
  readonly #settings: PythonProgramSettings;
  #missing: Missing[];
  #python = '';
  #version: string | null = null;

  constructor(facts: PythonProgramFacts, settings: PythonProgramSettings) {
    this.#facts = facts;
    this.#settings = settings;
    this.#missing = [this.#lack(notConfigured(facts))];
  }

  /** As last looked up. */
  get missing(): Missing[] {
    return this.#missing;
  }

  /** null: not known. */
  get version(): string | null {
    return this.#version;
  }

  get folder(): string {
    return this.#settings.folder ?? '';
  }

  /** Empty until it was found. */
  get python(): string {
    return this.#python;
  }

  /** Takes seconds at most and never fails. */
  async refresh(): Promise<void> {
    this.#missing = await this.#lacks().catch((error) => [
      this.#lack({ en: String(error), zh: String(error) }),
    ]);
  }

  async #lacks(): Promise<Missing[]> {
    const { script, version, variables, packages } = this.#facts;
    const { folder } = this.#settings;
    if (folder === null) return [this.#lack(notConfigured(this.#facts))];
    if (!(await isFile(path.join(folder, script)))) return [this.#lack(notThere(this.#facts, folder))];
    const text = await readFile(path.join(folder, version.file), 'utf8').catch(() => '');
    this.#version = version.pattern.exec(text)?.[1] ?? null;
    const python = await this.#findPython(folder);
    if (python === null) return [this.#lack(noPython(this.#facts))];
    const absent = await absentPackages(python, packages, this.#settings.env);
    if (absent === null) return [this.#lack(brokenPython(python, variables.python))];
    this.#python = python;
    return absent.map((name) => ({ ...this.#lack(noPackage(this.#facts)), name }));
  }

  async #findPython(folder: string): Promise<string | null> {
    const { python } = this.#settings;
    if (python !== null) return python;
    for (const environment of ['venv', '.venv', 'env'])
      for (const file of ['bin/python', 'Scripts/python.exe']) {
        const candidate = path.join(folder, environment, file);
        if (await isFile(candidate)) return candidate;
      }
    return null;
  }

  #lack(cure: Bilingual): Missing {
    const { name, source, licence } = this.#facts;
    return { what: 'package', name, cure, licence, source: `https://github.com/${source}` };
  }
}

const isFile = (file: string): Promise<boolean> =>
  stat(file).then(
    (found) => found.isFile(),
    () => false,
  );

/** null: that Python does not start. */
async function absentPackages(
  python: string,
  packages: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string[] | null> {
  const code =
    'import importlib.util as u, json, sys; print(json.dumps({"absent": [p for p in sys.argv[1:] if u.find_spec(p) is None]}))';
  const said = await new Promise<string | null>((resolve) => {
    const options = { env, timeout: PROBE_TIMEOUT_MS, windowsHide: true };
    execFile(python, ['-c', code, ...packages], options, (error, stdout) => resolve(error ? null : stdout));
  });
  return Probe.safeParse(parsedOrNull(said ?? '')).data?.absent ?? null;
}

const notConfigured = ({ name, source, variables }: PythonProgramFacts): Bilingual => ({
  en: `Install ${name} from github.com/${source} with its requirements, and set ${variables.folder} to its folder.`,
  zh: `请从 github.com/${source} 安装 ${name} 及其依赖，并将 ${variables.folder} 设为其文件夹。`,
});

const notThere = ({ name, script, variables }: PythonProgramFacts, folder: string): Bilingual => ({
  en: `${variables.folder} is ${folder}, and it has no ${script}. Set it to the folder of ${name}.`,
  zh: `${variables.folder} 为 ${folder}，其中没有 ${script}。请设为 ${name} 的文件夹。`,
});

const noPython = ({ name, variables }: PythonProgramFacts): Bilingual => ({
  en: `${name} has no virtual environment (venv or .venv) in its folder. Set ${variables.python} to the Python that has its packages.`,
  zh: `${name} 的文件夹中没有虚拟环境（venv 或 .venv）。请将 ${variables.python} 设为装有其依赖的 Python。`,
});

const brokenPython = (python: string, variable: string): Bilingual => ({
  en: `${python} does not start. Set ${variable} to the Python that has its packages.`,
  zh: `${python} 无法启动。请将 ${variable} 设为装有其依赖的 Python。`,
});

const noPackage = ({ name }: PythonProgramFacts): Bilingual => ({
  en: `Install the requirements of ${name} into its Python.`,
  zh: `请在其 Python 中安装 ${name} 的依赖。`,
});
