/** Tests for every engine. Each engine has a rig that opens it with a frame that it can run. */
import type { FrameRecipe } from '@limner/contract';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FolderRunFiles, storedFile } from '../../test/folder-run-files.ts';
import type { Engine, EngineOutput, FrameContext, InputPicture } from './engine.ts';
import type { FileBody, StoredFile } from './run-files.ts';

export interface EngineRig {
  engine: Engine;
  /** The engine can run it and gives at least one sign of life. */
  frame: FrameRecipe;
  /** Roles of the frame's outputs. */
  roles: string[];
  /** For a run's files. */
  folder: string;
  /** Closes the engine and everything it opened. */
  close(): Promise<void>;
}

export interface EngineRigs {
  open(): Promise<EngineRig>;
  /** The same engine without something that the frame's family needs. */
  openLacking(): Promise<EngineRig>;
}

/** Records the engine's calls. `onSign`: called at its first sign of life. */
class Listener implements FrameContext {
  readonly task = 1;
  readonly frame = 0;
  readonly abort = new AbortController();
  readonly signal = this.abort.signal;
  readonly fractions: number[] = [];
  readonly previews: { bytes: Uint8Array; mediaType: string }[] = [];
  readonly run: FolderRunFiles;
  ticket: string | null = null;
  onSign: () => void = () => {};

  constructor(folder: string) {
    this.run = new FolderRunFiles(folder);
  }

  progress = (fraction: number): void => {
    this.fractions.push(fraction);
    this.onSign();
  };

  waits = (): void => {};

  preview = (bytes: Uint8Array, mediaType: string): void => {
    this.previews.push({ bytes, mediaType });
    this.onSign();
  };

  openInput = async (id: string): Promise<InputPicture> => {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><rect width="80" height="60" fill="white"/><circle cx="40" cy="30" r="20" fill="#c03020"/></svg>`;
    const bytes = await sharp(Buffer.from(svg)).removeAlpha().png().toBuffer();
    return { sha256: id, mediaType: 'image/png', width: 80, height: 60, read: async () => bytes };
  };

  openLora = async (): Promise<StoredFile> => storedFile(Buffer.alloc(0));

  saveTicket = async (ticket: string | null): Promise<void> => {
    this.ticket = ticket;
  };
}

export function engineContract(name: string, rigs: EngineRigs): void {
  describe(`${name} as an engine`, () => {
    let rig: EngineRig;
    let ctx: Listener;
    const restart = async (open: () => Promise<EngineRig>) => {
      rig = await open();
      ctx = new Listener(rig.folder);
    };

    beforeEach(() => restart(rigs.open), 30_000);
    afterEach(() => rig.close());

    it('describes its families in both languages, and has one lane for each of their kinds', () => {
      const { engine } = rig;
      const families = engine.families();
      expect(new Set(families.map(({ id }) => id)).size).toBe(families.length);
      for (const { id, kind, label, description } of families) {
        for (const text of [label.en, label.zh, description.en, description.zh])
          expect(text, id).not.toBe('');
        expect(
          engine.lanes.filter(({ kinds }) => kinds.includes(kind)),
          id,
        ).toHaveLength(1);
      }
      expect(Math.min(engine.silenceMs, engine.tries, engine.slots())).toBeGreaterThanOrEqual(1);
    });

    it('runs a frame that nothing stands in the way of', async () => {
      const { engine, frame, roles } = rig;
      expect([...engine.missing(frame.family), ...engine.supports(frame)]).toEqual([]);
      const outputs = await engine.run(frame, ctx);
      expect(outputs.map(({ role = 'main' }) => role)).toEqual(roles);
      for (const output of outputs) {
        expect((await bytesOf(output.body)).length).toBeGreaterThan(0);
        expect(output.provenance.engine).toBe(engine.id);
        expect(output.provenance.summary.en).not.toBe('');
        expect(output.provenance.summary.zh).not.toBe('');
      }
      expect(outputs[0]?.provenance.family).toBe(frame.family);
    });

    it('leaves a whole picture of the type it names as the main output', async () => {
      const [main] = await rig.engine.run(rig.frame, ctx);
      const picture = await sharp(await bytesOf(main?.body ?? Buffer.alloc(0))).metadata();
      expect(`image/${picture.format}`).toBe(main?.mediaType);
    });

    it('gives signs of life: fractions of the frame, and pictures that are what they say', async () => {
      await readAll(await rig.engine.run(rig.frame, ctx));
      expect(ctx.fractions.length).toBeGreaterThan(0);
      for (const fraction of ctx.fractions) {
        expect(fraction).toBeGreaterThanOrEqual(0);
        expect(fraction).toBeLessThanOrEqual(1);
      }
      for (const { bytes, mediaType } of ctx.previews)
        expect(`image/${(await sharp(bytes).metadata()).format}`).toBe(mediaType);
    });

    it('is stopped with the reason of its signal, and runs the next frame', async () => {
      const reason = new Error('cancelled');
      ctx.onSign = () => ctx.abort.abort(reason);
      await expect(rig.engine.run(rig.frame, ctx)).rejects.toBe(reason);
      const outputs = await rig.engine.run(rig.frame, new Listener(rig.folder));
      expect(outputs).toHaveLength(rig.roles.length);
      await readAll(outputs);
    });

    it('begins nothing for a signal that is aborted already', async () => {
      const reason = new Error('cancelled');
      ctx.abort.abort(reason);
      await expect(rig.engine.run(rig.frame, ctx)).rejects.toBe(reason);
      expect(ctx.fractions).toEqual([]);
    });

    it('says that a family is unknown, and paints nothing else in its place', async () => {
      const { engine, frame } = rig;
      const unknown = { ...frame, family: 'nobody' };
      for (const missing of [engine.missing('nobody'), engine.supports(unknown)])
        expect(missing).toMatchObject([{ name: 'nobody' }]);
      await expect(engine.run(unknown, ctx)).rejects.toMatchObject({ code: 'family_not_found' });
    });

    it('names what is missing with its cure in both languages', async () => {
      await rig.close();
      await restart(rigs.openLacking);
      const { engine, frame } = rig;
      for (const missing of [engine.missing(frame.family), engine.supports(frame)]) {
        expect(missing.length).toBeGreaterThan(0);
        for (const { name: lacking, cure } of missing) {
          expect(lacking).not.toBe('');
          expect(cure.en).not.toBe('');
          expect(cure.zh).not.toBe('');
        }
      }
      expect(engine.families().map(({ id }) => id)).toContain(frame.family);
    });

    it('closes once its frames have ended, and once more', async () => {
      const begun = new Promise<void>((resolve) => {
        ctx.onSign = resolve;
      });
      const stopping = new Error('stopping');
      const ended = rig.engine.run(rig.frame, ctx).then(readAll);
      ended.catch(() => undefined);
      await Promise.race([begun, ended]);
      ctx.abort.abort(stopping);
      await rig.close();
      await expect(ended).rejects.toBeDefined();
      await rig.engine.close();
    });
  });
}

async function readAll(outputs: EngineOutput[]): Promise<void> {
  for (const { body } of outputs) await bytesOf(body);
}

async function bytesOf(body: FileBody): Promise<Buffer> {
  return Buffer.isBuffer(body) ? body : Buffer.concat(await body.toArray());
}
