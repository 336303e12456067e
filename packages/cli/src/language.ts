import { LANGUAGES, type Language, localeLanguage } from '@limner/contract';

/** `--lang`, or else the language of the shell. */
export function chooseLanguage(argv: string[], env: Record<string, string | undefined>): Language {
  return askedFor(argv) ?? localeLanguage(env);
}

/** Read before the options are parsed, because help and usage errors use it. */
function askedFor(argv: string[]): Language | undefined {
  const at = argv.findIndex((word) => word === '--lang' || word.startsWith('--lang='));
  const value = argv[at]?.split('=')[1] ?? argv[at + 1];
  return at < 0 ? undefined : LANGUAGES.find((language) => language === value);
}
