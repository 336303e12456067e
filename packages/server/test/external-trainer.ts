/** A trainer for tests that runs a program of its own, as trainers of large models do, and finds it again after a restart. */
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { StudioError } from '@limner/contract';
import { DetachedProcess } from '../src/engines/training/process.ts';
import type { Trained, TrainingContext, TrainingJob } from '../src/engines/training/trainer.ts';
import { serverDir } from './places.ts';
import { tinyPng } from './scripted-engine.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';

const PROGRAM = path.join(serverDir, 'test', 'external-training.mjs');

export class ExternalTrainer extends ScriptedTrainer {
  started = 0;
  adopted = 0;
  readonly #pauseMs: number;

  constructor(pauseMs: number) {
    super();
    this.#pauseMs = pauseMs;
  }

  override async run(job: TrainingJob, ctx: TrainingContext): Promise<Trained> {
    ctx.signal.throwIfAborted();
    const folder = await ctx.workDir();
    const process = (await this.#left(folder, ctx)) ?? (await this.#begun(folder, job, ctx));
    let last = 0;
    try {
      for await (const line of process.lines(ctx.signal)) {
        const [, step, loss] = /^step (\d+) loss ([\d.]+)$/.exec(line) ?? [];
        if (step === undefined) continue;
        last = Number(step);
        ctx.step(last, Number(loss));
      }
    } catch (error) {
      // It goes on without the server, and the next one finds it.
      if (ctx.signal.reason === 'stopping') throw error;
      await process.stop();
      if (last > 0) await ctx.saveCheckpoint(last, createReadStream(path.join(folder, `checkpoint-${last}`)));
      throw error;
    }
    const lora = path.join(folder, 'style.safetensors');
    await access(lora).catch((cause) => {
      throw new StudioError('engine_died', { data: { engine: this.label }, cause });
    });
    return { lora: createReadStream(lora), sheet: { bytes: tinyPng, mediaType: 'image/png' } };
  }

  async #left(folder: string, { ticket }: TrainingContext): Promise<DetachedProcess | null> {
    const found = ticket === null ? null : await DetachedProcess.adopt(JSON.parse(ticket), folder);
    if (found) this.adopted += 1;
    return found;
  }

  async #begun(folder: string, job: TrainingJob, ctx: TrainingContext): Promise<DetachedProcess> {
    this.started += 1;
    const from = Number(String((await ctx.checkpoint?.read()) ?? '')) || 0;
    const args = [PROGRAM, this.stepsOf(job.params), from, this.#pauseMs].map(String);
    const begun = await DetachedProcess.start({ command: process.execPath, args, folder });
    await ctx.saveTicket(JSON.stringify(begun.ticket));
    return begun;
  }
}
