/** Meters as Prometheus reads them. The library is loaded only when metrics are wanted. */
import type { TaskKind, TaskStatus } from '@limner/contract';
import type { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { AnsweredRequest, Meters, Painter } from './meters.ts';
import type { Reading } from './readings.ts';

/** Seconds: a picture takes some, a training hours. */
const PAINTING = [0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600];
const ANSWERING = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const DATABASE = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

type Library = typeof import('prom-client');

export class PrometheusMeters implements Meters {
  readonly #library: Library;
  readonly #registry: Registry;
  readonly #tasks: Counter;
  readonly #waits: Histogram;
  readonly #frames: Histogram;
  readonly #errors: Counter;
  readonly #leases: Counter;
  readonly #requests: Histogram;
  readonly #database: Histogram;
  readonly #gauges = new Map<string, Gauge>();

  private constructor(library: Library, version: string) {
    this.#library = library;
    this.#registry = new library.Registry();
    const registers = [this.#registry];
    library.collectDefaultMetrics({ register: this.#registry });
    const counter = (name: string, help: string, labelNames: string[] = []) =>
      new library.Counter({ name, help, labelNames, registers });
    const histogram = (name: string, help: string, labelNames: string[], buckets: number[]) =>
      new library.Histogram({ name, help, labelNames, buckets, registers });
    const painter = ['family', 'engine'];
    this.#tasks = counter('limner_tasks_total', 'Tasks that ended', ['kind', 'status']);
    this.#errors = counter('limner_errors_total', 'Refused requests and failed frames', ['source', 'code']);
    this.#leases = counter('limner_leases_lost_total', 'Tasks that another process took over');
    this.#waits = histogram(
      'limner_task_wait_seconds',
      'From creation to the first claim',
      painter,
      PAINTING,
    );
    this.#frames = histogram('limner_frame_duration_seconds', 'Tries that made a frame', painter, PAINTING);
    this.#requests = histogram(
      'limner_http_request_duration_seconds',
      'HTTP requests until the end of their answer',
      ['method', 'route', 'status'],
      ANSWERING,
    );
    this.#database = histogram(
      'limner_db_duration_seconds',
      'Statements that read, and transactions that write until they are durable',
      ['op'],
      DATABASE,
    );
    const build = { name: 'limner_build_info', help: 'The version that runs', value: 1 };
    this.#show({ ...build, labels: { version, node: process.versions.node } });
  }

  static async open(version: string): Promise<PrometheusMeters> {
    return new PrometheusMeters(await import('prom-client'), version);
  }

  taskBegan({ family, engine }: Painter, waitedSeconds: number): void {
    this.#waits.observe({ family, engine }, waitedSeconds);
  }

  taskEnded(kind: TaskKind, status: TaskStatus): void {
    this.#tasks.inc({ kind, status });
  }

  framePainted({ family, engine }: Painter, seconds: number): void {
    this.#frames.observe({ family, engine }, seconds);
  }

  failed(source: 'http' | 'frame', code: string): void {
    this.#errors.inc({ source, code });
  }

  leaseLost(): void {
    this.#leases.inc();
  }

  answered({ method, route, status }: AnsweredRequest, seconds: number): void {
    this.#requests.observe({ method, route, status }, seconds);
  }

  databaseWorked(op: 'read' | 'write', seconds: number): void {
    this.#database.observe({ op }, seconds);
  }

  get contentType(): string {
    return this.#registry.contentType;
  }

  /** Everything counted, and these readings of now. A gauge without a reading loses the series it had. */
  async text(readings: Reading[]): Promise<string> {
    for (const { name } of readings) this.#gauges.get(name)?.reset();
    for (const reading of readings) this.#show(reading);
    return this.#registry.metrics();
  }

  #show({ name, help, labels, value }: Reading): void {
    const gauge =
      this.#gauges.get(name) ??
      new this.#library.Gauge({ name, help, labelNames: Object.keys(labels), registers: [this.#registry] });
    this.#gauges.set(name, gauge);
    gauge.set(labels, value);
  }
}
