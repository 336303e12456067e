#!/usr/bin/env node
/** Sees to it that packages and build are there, as `npm start` does, then hands over to the built command line. */
import '../../../scripts/node-version.mjs';
import { prepare } from '../../../scripts/prepare.mjs';

await prepare();
await import('../dist/main.js');
