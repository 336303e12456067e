import { type Bilingual, StudioError } from '@limner/contract';

/** Of a workflow file or a change of one. */
export const refusedWorkflow = (reason: Bilingual, field = 'workflow'): StudioError =>
  new StudioError('invalid_request', { field, data: { reason } });
