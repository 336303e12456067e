/** Secrets in what programs print: tokens, passwords in addresses, and what is sent as authorization. */

/** The secret is the group `secret`, or all. */
const PATTERNS: readonly RegExp[] = [
  /\bhf_[A-Za-z0-9]{8,}/g,
  /\b(?:sk|ghp|gho|github_pat|glpat|xox[abp])[-_][A-Za-z0-9_-]{16,}/g,
  /\bauthorization["']?\s*[:=]\s*["']?(?:(?:bearer|basic|token)\s+)?(?<secret>[^\s"',}]+)/gi,
  /\bbearer\s+(?<secret>[A-Za-z0-9._~+/-]{8,}=*)/gi,
  /\b(?:[a-z0-9_]*(?:token|api_?key|secret|password))["']?\s*[:=]\s*["']?(?<secret>[^\s"',}]{8,})/gi,
  /\b[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:(?<secret>[^\s/@]+)@/gi,
];
const SECRET_NAME = /TOKEN|KEY|SECRET|PASSWORD/i;
const LEAST_CHARS = 8;

export type Mask = (text: string) => string;

/** `env`: what programs get; values of variables whose names say that they are secret are masked wherever they stand. */
export function maskOf(env: Readonly<Record<string, string>>): Mask {
  const values = Object.entries(env)
    .filter(([name, value]) => SECRET_NAME.test(name) && value.length >= LEAST_CHARS)
    .map(([, value]) => value);
  return (text) => {
    const plain = values.reduce((left, value) => left.replaceAll(value, stars), text);
    return PATTERNS.reduce((left, pattern) => left.replace(pattern, withoutSecret), plain);
  };
}

const stars = (secret: string): string => '*'.repeat(secret.length);

function withoutSecret(found: string, ...rest: unknown[]): string {
  const groups = rest.at(-1) as { secret?: string } | string | undefined;
  const secret = typeof groups === 'object' ? groups.secret : undefined;
  if (secret === undefined) return stars(found);
  const at = found.lastIndexOf(secret);
  return found.slice(0, at) + stars(secret) + found.slice(at + secret.length);
}
