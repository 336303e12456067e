/** What kept a program from its result, as its output tells. */
export type FailureKind =
  | 'memory'
  | 'disk'
  | 'access'
  | 'network'
  | 'file'
  | 'package'
  | 'device'
  | 'config'
  | 'killed'
  | 'stopped'
  | 'no_result'
  | 'ended';
