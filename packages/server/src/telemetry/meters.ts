/**
 * The meters port: what the process counts and times while it works. Without `METRICS_PORT` nothing is kept
 * (`NO_METERS`). Labels are kinds, codes, families and route patterns, never ids, so that their number is bounded.
 */
import type { TaskKind, TaskStatus } from '@limner/contract';

/** What painted a frame. */
export interface Painter {
  family: string;
  engine: string;
}

export interface AnsweredRequest {
  method: string;
  /** The pattern, such as `/api/tasks/:id`. */
  route: string;
  status: number;
}

export interface Meters {
  /** A task that waited was claimed for the first time. */
  taskBegan(painter: Painter, waitedSeconds: number): void;
  taskEnded(kind: TaskKind, status: TaskStatus): void;
  /** A frame has its outputs. @param seconds of the try that made them */
  framePainted(painter: Painter, seconds: number): void;
  /** An error of the contract: a refused request, or a frame that failed after its last try. */
  failed(source: 'http' | 'frame', code: string): void;
  /** Another process took a task over. */
  leaseLost(): void;
  answered(request: AnsweredRequest, seconds: number): void;
  /** `read`: one statement; `write`: a transaction, until it is durable. */
  databaseWorked(op: 'read' | 'write', seconds: number): void;
}

const ignore = (): void => undefined;

export const NO_METERS: Meters = {
  taskBegan: ignore,
  taskEnded: ignore,
  framePainted: ignore,
  failed: ignore,
  leaseLost: ignore,
  answered: ignore,
  databaseWorked: ignore,
};
