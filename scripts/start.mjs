/**
 * `npm start`: from a bare checkout to a running Limner. Skips what is installed and built already, so a second start
 * costs a few milliseconds.
 *
 * The server runs in this process, so signals, exit code and terminal are its own. Arguments are passed on.
 */
import './node-version.mjs';
import { pathToFileURL } from 'node:url';
import { SERVER_MAIN } from './paths.mjs';
import { prepare } from './prepare.mjs';

await prepare();
process.argv = [process.execPath, SERVER_MAIN, 'serve', ...process.argv.slice(2)];
await import(pathToFileURL(SERVER_MAIN).href);
