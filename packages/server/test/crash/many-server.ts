/** `serve` or `worker` with the ComfyUI engine alone and a clock of its own, in a process that is meant to be killed. */
import './skewed-clock.ts';
import { runProgram } from '../../src/program.ts';
import { testLayout } from '../test-layout.ts';

runProgram(process.argv.slice(2), testLayout, { engines: () => [], trainers: () => [] });
