/** What other programs write into prompts besides words: `<lora:name:0.8>`, `__wildcard__`, `embedding:name`, `--ar 16:9`. */
export const PROMPT_TAGS = /<[^<>\n]*>|__[^_\s][^\n]*?__|\bembedding:\S+|(?:^|\s)--[a-z]+(?:\s+[\d.:]+)?/gi;

/** The weight in `(dragon:1.3)`. */
const WEIGHT = /:\s*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?=\s*[)\]])/g;

/** The prompt without tags and weights. */
export const plainWords = (prompt: string): string => prompt.replace(PROMPT_TAGS, ' ').replace(WEIGHT, '');
