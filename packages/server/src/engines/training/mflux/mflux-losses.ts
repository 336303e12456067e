/**
 * Losses of mflux, which its bar does not show. From 0.16 on `loss/loss.html` is written at each measurement, with one JSON
 * object in its script. Up to 0.15.5 they are only in the checkpoints, whose `checkpoint.json` names the file.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { LossPoint } from '@limner/contract';
import { z } from 'zod';
import { parsedOrNull } from '../../../parsed-or-null.ts';
import { outputFolder } from './mflux-config.ts';

const DATA = /^\s*const data = (\{.*\});$/m;
const Loss = z.number().nullable();
const Page = z.object({ steps: z.array(z.number().int()), losses: z.array(Loss) });
const Entries = z.array(z.object({ step: z.number().int(), loss: Loss }));

/** By step, without the measurement before the first; empty where there is no whole page. */
export async function lossesOfPage(folder: string): Promise<LossPoint[]> {
  const page = path.join(outputFolder(folder), 'loss', 'loss.html');
  const text = await readFile(page, 'utf8').catch(() => '');
  const found = Page.safeParse(parsed(DATA.exec(text)?.[1] ?? '')).data;
  return ofTraining(found?.steps.map((step, at) => ({ step, loss: found.losses[at] ?? null })) ?? []);
}

/** `text`: of the file of losses in a checkpoint. */
export const lossesOfCheckpoint = (text: string): LossPoint[] =>
  ofTraining(Entries.safeParse(parsed(text)).data ?? []);

/** Python writes numbers into JSON that JSON has not. */
const parsed = (text: string): unknown => parsedOrNull(text.replace(/\bNaN\b|-?\bInfinity\b/g, 'null'));

const ofTraining = (measured: z.infer<typeof Entries>): LossPoint[] =>
  measured
    .flatMap(({ step, loss }): LossPoint[] => (step > 0 && loss !== null ? [[step, loss]] : []))
    .sort(([a], [b]) => a - b);
