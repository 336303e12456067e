/** What a trainer is given, for tests of trainers without a worker: pictures of one colour each, and a folder. */
import type { TrainingPhase } from '@limner/contract';
import sharp from 'sharp';
import type { TrainingContext } from '../src/engines/training/trainer.ts';
import type { FolderRunFiles } from './folder-run-files.ts';

export interface TrainingContextOptions {
  signal?: AbortSignal;
  onStep?: (step: number, loss: number | null) => void;
  onLoss?: (step: number, loss: number) => void;
  onPhase?: (phase: TrainingPhase) => void;
  ticket?: string | null;
  onTicket?: (ticket: string | null) => void;
  onSample?: (bytes: Uint8Array, mediaType: string) => void;
  onAlive?: () => void;
  openPicture?: TrainingContext['openPicture'];
}

export async function trainingContext(
  files: FolderRunFiles,
  {
    signal = new AbortController().signal,
    onStep = () => {},
    onLoss = () => {},
    onSample = () => {},
    onPhase = () => {},
    ticket = null,
    onTicket = () => {},
    onAlive = () => {},
    openPicture = async (index) => ({
      sha256: String(index),
      mediaType: 'image/png',
      width: 64,
      height: 64,
      read: () => picture(index),
    }),
  }: TrainingContextOptions = {},
): Promise<TrainingContext> {
  return {
    signal,
    ticket,
    checkpoint: await files.checkpoint(),
    openPicture,
    workDir: () => files.workDir(),
    saveTicket: async (next) => onTicket(next),
    saveCheckpoint: (step, body) => files.saveCheckpoint(step, body),
    offer: (step, open) => files.keepLora({ step, open }),
    step: onStep,
    loss: onLoss,
    alive: onAlive,
    phase: onPhase,
    sample: onSample,
  };
}

function picture(index: number): Promise<Buffer> {
  const background = { r: 30 * index, g: 80, b: 200 };
  return sharp({ create: { width: 64, height: 64, channels: 3, background } })
    .png()
    .toBuffer();
}
