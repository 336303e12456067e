/** Secrets and signatures of the Standard Webhooks specification (symmetric, version `v1`). */
import { createHmac, randomBytes } from 'node:crypto';

const PREFIX = 'whsec_';

export const newSecret = (): string => PREFIX + randomBytes(32).toString('base64');

/** The header `webhook-signature` of a body sent at `seconds` since 1970. */
export function signatureOf(secret: string, messageId: string, seconds: number, body: string): string {
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64');
  const digest = createHmac('sha256', key).update(`${messageId}.${seconds}.${body}`).digest('base64');
  return `v1,${digest}`;
}
