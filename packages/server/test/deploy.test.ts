/** The files under `deploy/` fit the program: variables it has, values it accepts, stops it has time for. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { Environment, readConfig } from '../src/config.ts';
import { repository } from './places.ts';
import { testLayout } from './test-layout.ts';

const DEPLOY = path.join(repository, 'deploy');
const text = (...names: string[]) => readFileSync(path.join(DEPLOY, ...names), 'utf8');

type Environ = Record<string, string>;

/** Of a process of Limner, with the values that its user has to choose. */
interface Started {
  where: string;
  environ: Environ;
  /** Seconds until it is killed. */
  graceSeconds: number;
}

const CHOSEN = { POSTGRES_PASSWORD: 'a', S3_SECRET_ACCESS_KEY: 'b' } as Environ;
const filled = (value: unknown): string =>
  String(value).replace(/\$\{(\w+)(?::[-?]([^}]*))?\}/g, (_, name, other) => CHOSEN[name] ?? other ?? '');
const filledAll = (environ: object): Environ =>
  Object.fromEntries(Object.entries(environ).map(([name, value]) => [name, filled(value)]));

interface ComposeService {
  image?: string;
  build?: string;
  environment?: object;
  stop_grace_period: string;
}

function ofCompose(file: string): Started[] {
  const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
    services: Record<string, ComposeService>;
  };
  return Object.entries(services)
    .filter(([, { build }]) => build !== undefined)
    .map(([name, { environment = {}, stop_grace_period }]) => ({
      where: `${path.basename(file)} ${name}`,
      environ: { HOST: '0.0.0.0', ...filledAll(environment) },
      graceSeconds: Number.parseInt(stop_grace_period, 10),
    }));
}

function ofSystemd(unit: string): Started {
  const lines = text('systemd', unit).replaceAll('%i', '1').split('\n');
  const environ = lines.flatMap((line) => /^Environment=(\w+)=(.*)$/.exec(line)?.slice(1) ?? []);
  const pairs = environ.flatMap((name, at) => (at % 2 === 0 ? [[name, environ[at + 1] ?? '']] : []));
  const grace = lines.find((line) => line.startsWith('TimeoutStopSec='))?.split('=')[1];
  return { where: unit, environ: Object.fromEntries(pairs), graceSeconds: Number(grace) };
}

interface Manifest {
  kind: string;
  metadata: { name: string };
  data?: Environ;
  stringData?: Environ;
  spec?: {
    template?: {
      spec: {
        terminationGracePeriodSeconds: number;
        containers: { env: { name: string; value?: string }[] }[];
      };
    };
  };
}

function ofKubernetes(): Started[] {
  const manifests = readdirSync(path.join(DEPLOY, 'kubernetes')).flatMap((file) =>
    parseAllDocuments(text('kubernetes', file)).map((document) => document.toJS() as Manifest),
  );
  const shared = manifests.map(({ data, stringData }) => ({ ...data, ...stringData }));
  return manifests.flatMap(({ kind, metadata, spec }) => {
    const pod = spec?.template?.spec;
    if (kind !== 'Deployment' || !pod) return [];
    return pod.containers.map(({ env }) => ({
      where: `kubernetes ${metadata.name}`,
      environ: Object.assign(
        { HOST: '0.0.0.0' },
        ...shared,
        Object.fromEntries(env.map(({ name, value }) => [name, value ?? 'a-pod'])),
      ),
      graceSeconds: pod.terminationGracePeriodSeconds,
    }));
  });
}

const started = [
  ...ofCompose(path.join(repository, 'compose.yaml')),
  ...ofCompose(path.join(DEPLOY, 'compose.full.yaml')),
  ...readdirSync(path.join(DEPLOY, 'systemd')).map(ofSystemd),
  ...ofKubernetes(),
];

describe('processes that deploy/ starts', () => {
  it('are all found', () => expect(started).toHaveLength(1 + 5 + 2 + 2));

  it.each(started)('$where: variables that Limner has, with values it accepts', ({ environ }) => {
    const unknown = Object.keys(environ).filter((name) => !Object.hasOwn(Environment.shape, name));
    expect(unknown.filter((name) => name !== 'NODE_ENV')).toEqual([]);
    expect(() => readConfig(testLayout, environ)).not.toThrow();
  });

  it.each(started)('$where: is not killed while it drains', ({ environ, graceSeconds }) =>
    expect(graceSeconds).toBeGreaterThanOrEqual(Number(environ.DRAIN_SECONDS ?? 0) + 20),
  );
});
