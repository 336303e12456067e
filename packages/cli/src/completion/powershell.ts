import type { CompletionCommand } from './tree.ts';

/** Where it offers nothing, PowerShell completes files. */
export const powershellScript = (
  tree: CompletionCommand[],
): string => `# PowerShell completion of limner: limner completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName limner -ScriptBlock {
  param($wordToComplete, $commandAst, $cursorPosition)
  $commands = @{
${tree.map((command) => entry(command.path, wordsOf(command))).join('\n')}
  }
  $options = @{
${tree
  .map(({ path, options }) =>
    entry(
      path,
      options.flatMap(({ flags }) => flags),
    ),
  )
  .join('\n')}
  }
  $values = @{
${tree.flatMap(valueEntries).join('\n')}
  }
  $at = 'limner'
  $previous = ''
  foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
    if ($element.Extent.EndOffset -ge $cursorPosition) { break }
    $previous = $element.ToString()
    if ($commands.ContainsKey("$at $previous")) { $at = "$at $previous" }
  }
  if ($values.ContainsKey("$at $previous")) { $words = $values["$at $previous"] }
  elseif ($wordToComplete.StartsWith('-')) { $words = $options[$at] }
  else { $words = $commands[$at] }
  $words | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
    [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
  }
}
`;

const list = (words: readonly string[]): string => `@(${words.map((word) => `'${word}'`).join(', ')})`;

const entry = (key: string, words: readonly string[]): string => `    '${key}' = ${list(words)}`;

const wordsOf = ({ commands, argument }: CompletionCommand): readonly string[] =>
  argument?.kind === 'words' ? argument.words : commands.map(({ name }) => name);

const valueEntries = ({ path, options }: CompletionCommand): string[] =>
  options.flatMap(({ flags, value }) =>
    value === null
      ? []
      : flags.map((flag) => entry(`${path} ${flag}`, value.kind === 'words' ? value.words : [])),
  );
