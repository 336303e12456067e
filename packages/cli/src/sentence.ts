/** One sentence for any error. */
import { type Language, StudioError } from '@limner/contract';
import { CommanderError } from 'commander';
import { CliError } from './exit-code.ts';
import { WORDS, type Words } from './words.ts';

export function sentenceOf(error: unknown, language: Language): string {
  const words = WORDS[language];
  if (error instanceof CommanderError) return usageSentence(error, words);
  if (error instanceof StudioError) return error.body(language).message;
  if (error instanceof CliError) return error.message;
  return words.broken(error instanceof Error ? withCause(error) : String(error));
}

/** `fetch failed` alone is not helpful; its cause is. */
function withCause(error: Error): string {
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message;
}

function usageSentence(error: CommanderError, words: Words): string {
  const what = /'([^']+)'/.exec(error.message)?.[1] ?? '';
  switch (error.code) {
    case 'commander.unknownOption':
      return words.usage.unknownOption(what);
    case 'commander.unknownCommand':
      return words.usage.unknownCommand(what);
    case 'commander.missingArgument':
      return words.usage.missingArgument(what);
    case 'commander.optionMissingArgument':
      return words.usage.missingValue(what);
    case 'commander.missingMandatoryOptionValue':
      return words.usage.missingOption(what);
    case 'commander.excessArguments':
      return words.usage.tooMany(what);
    default:
      return error.message;
  }
}
