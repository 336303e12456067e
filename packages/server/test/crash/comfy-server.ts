/** The real server with its ComfyUI engine alone, in a process that is meant to be killed. */
import { readConfig } from '../../src/config.ts';
import { createLog } from '../../src/log.ts';
import { serve } from '../../src/serve.ts';
import { testLayout } from '../test-layout.ts';

const config = readConfig(testLayout);
const { url } = await serve(config, createLog(config.logLevel), { engines: () => [] });
process.stdout.write(`Limner is ready at ${url}\n`);
