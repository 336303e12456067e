/** Prints a script that completes commands, options and their values in a shell. */
import type { Command } from 'commander';
import { bashScript } from '../completion/bash.ts';
import { fishScript } from '../completion/fish.ts';
import { powershellScript } from '../completion/powershell.ts';
import { completionTree } from '../completion/tree.ts';
import { zshScript } from '../completion/zsh.ts';
import type { Context } from '../context.ts';
import { EXIT, type ExitCode } from '../exit-code.ts';
import { oneOf } from '../options.ts';

const SCRIPTS = { bash: bashScript, zsh: zshScript, fish: fishScript, powershell: powershellScript };
type Shell = keyof typeof SCRIPTS;
const SHELLS = Object.keys(SCRIPTS) as Shell[];

export function addCompletion(program: Command, context: Context, done: (code: ExitCode) => void): void {
  const { words, terminal } = context;
  program
    .command('completion')
    .description(words.help.completion)
    .argument('<shell>', SHELLS.join(', '), oneOf(words, 'shell', SHELLS))
    .action((shell: Shell) => {
      terminal.out(SCRIPTS[shell](completionTree(program)).trimEnd());
      done(EXIT.ok);
    });
}
