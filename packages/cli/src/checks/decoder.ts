/** Decodes picture files with the server's library, in a process of its own, which a damaged file may kill. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SERVER_FOLDER } from '../installation.ts';

/** One path per line in, one answer per line out. */
const CODE = `
  const {default: sharp} = await import('sharp');
  const {createInterface} = await import('node:readline');
  for await (const file of createInterface({input: process.stdin})) {
    const decode = async () => {
      const picture = sharp(file, {failOn: 'truncated'});
      const {width, height} = await picture.metadata();
      await picture.stats();
      return {width, height};
    };
    console.log(JSON.stringify(await decode().catch(({message}) => ({error: message}))));
  }`;

export type Decoded = { width: number; height: number } | { error: string };

export class Decoder {
  #child: ChildProcess | null = null;
  #answers: AsyncIterator<string> | null = null;

  /** One file at a time. */
  async decode(file: string): Promise<Decoded> {
    const child = this.#started();
    child.stdin?.write(`${file}\n`);
    const line = await this.#answers?.next();
    if (line && !line.done) return JSON.parse(line.value) as Decoded;
    this.close();
    return { error: 'the decoder ended' };
  }

  close(): void {
    this.#child?.kill();
    this.#child = null;
  }

  #started(): ChildProcess {
    if (this.#child) return this.#child;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', CODE], {
      cwd: SERVER_FOLDER,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    child.stdin.on('error', () => undefined);
    this.#answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    this.#child = child;
    return child;
  }
}
