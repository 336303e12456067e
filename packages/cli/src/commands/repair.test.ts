import { type RepairResult, type RepairState, StudioError } from '@limner/contract';
import { afterEach, describe, expect, it } from 'vitest';
import { EXIT } from '../exit-code.ts';
import { run } from '../run.ts';
import { type TestStudio, testStudio, testTerminal } from '../testing.ts';

const nothing: RepairResult = {
  dry_run: true,
  findings: [],
  returned_files: 0,
  task_ids: [],
  tasks: 0,
  outputs: 0,
  stars: 0,
  without_recipe: 0,
  uploads: 0,
  styles: 0,
  size_bytes: 0,
  left_files: 0,
  left: [],
};
const damaged: RepairResult = {
  ...nothing,
  tasks: 2,
  outputs: 5,
  stars: 1,
  findings: [
    { kind: 'status_disagrees', count: 2, mended: 2, names: ['3', '4'] },
    { kind: 'lora_missing', count: 1, mended: 0, names: ['Ink: loras/trained-9.safetensors'] },
  ],
};
const idle: RepairState = {
  running: false,
  dry_run: false,
  phase: 'files',
  done: 0,
  total: null,
  started_at: null,
  result: null,
};

const POST = 'POST /api/storage/repair';
const GET = 'GET /api/storage/repair';

let studio: TestStudio;
afterEach(() => studio.close());

async function limner(
  argv: string[],
  answers: Record<string, unknown>,
  { isTerminal = false, answer = null as string | null } = {},
) {
  studio = await testStudio({ [GET]: idle, ...answers });
  const terminal = testTerminal({ LIMNER_URL: studio.url }, isTerminal, answer);
  const exitCode = await run(argv, terminal);
  const asked = studio.received.filter(({ route }) => route === POST).map(({ body }) => body);
  return { exitCode, out: terminal.lines, err: terminal.errors(), asked };
}
const DRY = { dry_run: true };
const REAL = { dry_run: false };

describe('limner tasks check', () => {
  it('names what is wrong by kind, what a repair does, and fails', async () => {
    const { exitCode, out, asked } = await limner(['tasks', 'check'], { [POST]: damaged });
    expect(exitCode).toBe(EXIT.failed);
    expect(asked).toEqual([DRY]);
    expect(out.slice(0, 6)).toEqual([
      'Tasks whose status contradicts their pictures: 2. Repair mends all of them.',
      '  3, 4',
      '  → they get the status of their pictures',
      'Trained styles whose LoRA file is missing: 1. Repair changes none of them.',
      '  Ink: loras/trained-9.safetensors',
      expect.stringMatching(/^ {2}→ a file that was set aside is moved back/),
    ]);
  });

  it('succeeds where nothing is wrong, and where only a source was deleted', async () => {
    const sound = await limner(['tasks', 'check', '--lang', 'zh'], { [POST]: nothing });
    expect(sound.exitCode).toBe(EXIT.ok);
    expect(sound.out).toEqual(['没有相互矛盾的记录，也没有缺失或未知的文件。']);
    await studio.close();
    const findings = [{ kind: 'recipe_picture_missing', count: 1, mended: 0, names: ['7'] }];
    const deleted = await limner(['tasks', 'check', '--json'], { [POST]: { ...nothing, findings } });
    expect(deleted.exitCode).toBe(EXIT.ok);
    expect(JSON.parse(deleted.out.join('\n'))).toMatchObject({ findings });
  });
});

describe('limner tasks repair', () => {
  const both = { [POST]: (times: number) => ({ ...damaged, dry_run: times === 0 }) };

  it('says on a terminal what it will do, and does nothing without a yes', async () => {
    const { exitCode, out, err, asked } = await limner(['tasks', 'repair'], both, {
      isTerminal: true,
      answer: '',
    });
    expect(asked).toEqual([DRY]);
    expect(err).toContain('Would be recovered: 2 tasks with 5 files');
    expect(err).toContain('Do this now? [y/N]');
    expect(out).toEqual([]);
    expect(exitCode).toBe(EXIT.failed);
  });

  it.each([
    { argv: ['tasks', 'repair'], answer: 'y' },
    { argv: ['tasks', 'repair', '--yes'], answer: '' },
    { argv: ['tasks', 'repair'], answer: null },
  ])('does it after a yes, with --yes, and where nobody can answer: %j', async ({ argv, answer }) => {
    const { exitCode, out, asked } = await limner(argv, both, { isTerminal: true, answer });
    expect(asked).toEqual([DRY, REAL]);
    expect(exitCode).toBe(EXIT.ok);
    expect(out[0]).toMatch(/^Recovered: 2 tasks with 5 files/);
    expect(out).toContain('Starred among them: 1 file.');
    expect(out).toContain('Tasks whose status contradicts their pictures: 2. Mended: all of them.');
  });

  it('follows one that runs already to its result', async () => {
    const running = { ...idle, running: true, phase: 'recovery', done: 40, total: 100 };
    const { exitCode, out, err } = await limner(
      ['tasks', 'repair'],
      {
        [POST]: new StudioError('repair_running'),
        [GET]: (times: number) => (times < 3 ? running : { ...idle, result: { ...damaged, dry_run: false } }),
      },
      { isTerminal: true, answer: '' },
    );
    expect(err).toContain('A repair is running already.');
    expect(err).toContain('40 %  recovered 40 of 100 files');
    expect(out[0]).toMatch(/^Recovered: 2 tasks/);
    expect(exitCode).toBe(EXIT.ok);
  });

  it('says while it reads for the plan that it reads', async () => {
    const running = { ...idle, running: true, dry_run: true, phase: 'recovery', done: 40, total: 100 };
    const state = (times: number) => (times < 3 ? running : { ...idle, dry_run: true, result: nothing });
    const { err } = await limner(
      ['tasks', 'check'],
      { [POST]: new StudioError('repair_running'), [GET]: state },
      { isTerminal: true },
    );
    expect(err).toContain('40 %  read 40 of 100 files');
  });

  it('interrupted stops looking, and says that the repair goes on', async () => {
    studio = await testStudio({
      [POST]: new StudioError('repair_running'),
      [GET]: { ...idle, running: true, phase: 'recovery', done: 40, total: 100 },
    });
    const terminal = testTerminal({ LIMNER_URL: studio.url }, true);
    const running = run(['tasks', 'repair'], terminal);
    await expect.poll(() => terminal.errors(), { timeout: 10_000 }).toContain('40 of 100');
    terminal.interrupt();
    expect(await running).toBe(EXIT.interrupted);
    expect(terminal.errors()).toContain('The repair goes on in the server');
  });

  it('fails where a file could not be moved', async () => {
    const left = [{ file: 'set-aside/2026-01-02/outputs/4_0.png', reason: 'failed' }];
    const { exitCode } = await limner(['tasks', 'repair', '--json'], {
      [POST]: { ...nothing, dry_run: false, left_files: 1, left },
    });
    expect(exitCode).toBe(EXIT.failed);
  });
});
