import type { Config } from '../config.ts';
import { isPublicAddress } from '../net/public-address.ts';

/** Which addresses webhooks may call. */
export const webhookAddresses = ({
  webhooksToPrivateAddresses,
}: Pick<Config, 'webhooksToPrivateAddresses'>) => (webhooksToPrivateAddresses ? () => true : isPublicAddress);
