/**
 * `npm run dev`: the server rebuilt and restarted at every change of its sources, and Vite's own server with hot reload
 * for the web app in front of it.
 */
import './node-version.mjs';
import { spawn } from 'node:child_process';
import { NODE_BUNDLE, SERVER_ENTRIES } from './bundle.mjs';
import { inRoot, SERVER_MAIN } from './paths.mjs';
import { prepare } from './prepare.mjs';

await prepare({ dev: true });
const esbuild = await import('esbuild');

let server = null;

/** One server at a time: it holds the data folder, so the old one must exit before the new one starts. */
async function restart() {
  await stop();
  server = spawn(process.execPath, ['--enable-source-maps', SERVER_MAIN, 'serve', ...process.argv.slice(2)], {
    stdio: 'inherit',
  });
}

function stop() {
  if (!server || server.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    server.once('exit', resolve);
    server.kill('SIGTERM');
  });
}

const bundler = await esbuild.context({
  ...NODE_BUNDLE,
  entryPoints: SERVER_ENTRIES,
  outdir: inRoot('packages/server/dist'),
  plugins: [
    {
      name: 'restart',
      setup: (build) => build.onEnd(({ errors }) => (errors.length === 0 ? restart() : undefined)),
    },
  ],
});
await bundler.watch();

const vite = spawn(process.execPath, [inRoot('node_modules/vite/bin/vite.js')], {
  cwd: inRoot('packages/web'),
  env: { LIMNER_DEV_SERVER: `http://127.0.0.1:${process.env.PORT ?? 9000}`, ...process.env },
  stdio: 'inherit',
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    vite.kill('SIGTERM');
    await Promise.all([stop(), bundler.dispose()]);
    process.exit(0);
  });
}
