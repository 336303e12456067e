import type { EngineHealth } from '@limner/contract';

type Own = Pick<EngineHealth, 'id' | 'label' | 'status' | 'running' | 'families' | 'missing' | 'note'>;

/** The health of an engine that is part of the server: it has no address, no version and no queue of its own. */
export const builtInHealth = (own: Own): EngineHealth => ({
  ...own,
  kind: own.id,
  url: null,
  version: null,
  queued: 0,
  memory: null,
});
