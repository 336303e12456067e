/** A real nginx with a configuration of its own, in a temporary folder. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const PLACES = [...(process.env.PATH ?? '').split(path.delimiter), '/usr/sbin', '/usr/local/sbin'];

/** Where a program is; null if it is not installed. */
export const programAt = (name: string): string | null =>
  PLACES.map((folder) => path.join(folder, name)).find((file) => existsSync(file)) ?? null;

/** One server of nginx: its lines in `server { … }`, besides where it listens. */
export type Servers = Record<string, string[]>;

export interface Nginx {
  /** The port of each server. */
  ports: Record<string, number>;
  close(): Promise<void>;
}

/** A server named `tls…` listens with TLS and a self-signed certificate. */
export async function startNginx(servers: Servers): Promise<Nginx> {
  const folder = await mkdtemp(path.join(tmpdir(), 'limner-nginx-'));
  const ports = Object.fromEntries(
    await Promise.all(Object.keys(servers).map(async (name) => [name, await freePort()] as const)),
  );
  if (Object.keys(servers).some(isTls)) makeCertificate(folder);
  const file = path.join(folder, 'nginx.conf');
  await writeFile(file, configuration(folder, servers, ports));
  const child = spawn(programAt('nginx') as string, ['-p', folder, '-c', file, '-e', 'stderr'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await Promise.all(Object.values(ports).map((port) => listening(port, child)));
  return {
    ports,
    async close() {
      child.kill('SIGQUIT');
      if (child.exitCode === null) await once(child, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const isTls = (name: string) => name.startsWith('tls');

function configuration(folder: string, servers: Servers, ports: Record<string, number>): string {
  const blocks = Object.entries(servers).map(([name, lines]) => {
    const tls = [`ssl_certificate ${folder}/cert.pem;`, `ssl_certificate_key ${folder}/key.pem;`];
    const listen = `listen 127.0.0.1:${ports[name]}${isTls(name) ? ' ssl' : ''};`;
    return ['server {', listen, ...(isTls(name) ? tls : []), ...lines, '}'].join('\n');
  });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return [
    // As root its workers would be another user, who may not enter the folder.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    'daemon off;',
    'error_log stderr crit;',
    'worker_processes 1;',
    `pid ${folder}/nginx.pid;`,
    'events { worker_connections 256; }',
    'http {',
    'access_log off;',
    ...temporary,
    ...blocks,
    '}',
    '',
  ].join('\n');
}

function makeCertificate(folder: string): void {
  const to = ['-keyout', `${folder}/key.pem`, '-out', `${folder}/cert.pem`];
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const name = ['-subj', '/CN=limner.localhost', '-addext', 'subjectAltName=DNS:limner.localhost'];
  execFileSync(programAt('openssl') as string, ['req', '-x509', ...key, ...to, '-days', '2', ...name], {
    stdio: 'ignore',
  });
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (;;) {
    if (child.exitCode !== null) throw new Error(`nginx ended with code ${child.exitCode}.`);
    const socket = connect(port, '127.0.0.1');
    const isThere = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isThere) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
