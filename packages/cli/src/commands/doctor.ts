/** Reports what works on this machine, what does not, and what to do. Changes nothing. */
import type { Command } from 'commander';
import type { Finding } from '../checks/finding.ts';
import { checkMachine } from '../checks/machine.ts';
import { servedData } from '../checks/served-data.ts';
import { checkServer } from '../checks/server.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';

const MARKS = { good: '✓', missing: '!', bad: '✗' } as const;

export function addDoctor(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { help } = context.words;
  program
    .command('doctor')
    .description(help.doctor)
    .option('--json', help.json)
    .action(async (options: { json?: boolean }) => done(await doctor(options.json === true, context)));
}

async function doctor(json: boolean, context: Context): Promise<ExitCode> {
  const { terminal, words } = context;
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    findings.push(finding);
    if (!json) terminal.out(`${MARKS[finding.state]} ${finding.sentence}`);
  };
  await checkMachine(context, await servedData(context), report);
  await checkServer(context, report);

  const bad = findings.filter((finding) => finding.state === 'bad').length;
  if (json) terminal.out(JSON.stringify({ ok: bad === 0, findings }, null, 2));
  else terminal.out(bad === 0 ? words.doctor.good : words.doctor.bad(bad));
  return bad === 0 ? EXIT.ok : EXIT.failed;
}
