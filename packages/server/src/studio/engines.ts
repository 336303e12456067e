/** All engines of this process. The desk asks them what they support, the worker runs them. */
import { constants } from 'node:os';
import path from 'node:path';
import type { Config } from '../config.ts';
import { AnimationEngine } from '../engines/animation/animation-engine.ts';
import type { CutOut } from '../engines/animation/frame-source.ts';
import { ComfyEngine, serverAt } from '../engines/comfy/comfy-engine.ts';
import { comfyFamilies, type FinishStep, models } from '../engines/comfy/families/index.ts';
import type { ServerNodePacks } from '../engines/comfy/models/server-node-packs.ts';
import type { Finish } from '../engines/comfy/run/finish.ts';
import { WorkflowLibrary } from '../engines/comfy/workflows/workflow-library.ts';
import { CutoutEngine } from '../engines/cutout/cutout-engine.ts';
import { CUTOUT, UNMIX } from '../engines/cutout/jobs.ts';
import type { Describer } from '../engines/describer.ts';
import { EmbeddedProcess } from '../engines/embedded/process.ts';
import type { Engine } from '../engines/engine.ts';
import { Engines } from '../engines/engines.ts';
import { StarterEngine } from '../engines/starter/starter-engine.ts';
import { AiToolkitProgram } from '../engines/training/ai-toolkit/ai-toolkit-program.ts';
import { CommandProgram } from '../engines/training/command/command-program.ts';
import { KohyaProgram } from '../engines/training/kohya/kohya-program.ts';
import { MfluxProgram } from '../engines/training/mflux/mflux-program.ts';
import { MusubiProgram } from '../engines/training/musubi/musubi-program.ts';
import { ProgramTrainer, type Supervision } from '../engines/training/program/program-trainer.ts';
import type { TrainingProgram } from '../engines/training/program/training-program.ts';
import { StarterTrainer } from '../engines/training/starter/starter-trainer.ts';
import type { StyleTrainer } from '../engines/training/trainer.ts';
import { type DeviceTurns, TrainingEngine } from '../engines/training/training-engine.ts';
import { UpscaleEngine } from '../engines/upscale/upscale-engine.ts';
import type { Logger } from '../log.ts';
import { LORA_MODELS } from '../loras/lora-models.ts';
import { ModelDownloads } from '../models/model-downloads.ts';
import type { ModelServers } from '../models/model-servers.ts';
import { ServerPlaces } from '../servers/server-places.ts';
import { Servers } from '../servers/servers.ts';
import { SentStyles } from '../styles/sent-styles.ts';
import { Durations } from '../tasks/durations.ts';
import { TrainingRuns } from '../training/training-runs.ts';
import type { Closings } from './closings.ts';
import { Rounds } from './rounds.ts';
import type { Shared } from './shared.ts';

/** The embedded process exits after this time without work, to free its memory. */
const EMBEDDED_IDLE_MS = 5 * 60_000;
/** A trainer's process takes more memory and is needed less often. */
const TRAINER_IDLE_MS = 20_000;
/** Interval for reading servers and workflows of other processes, in case a message was lost. */
const LOAD_EVERY_MS = 10_000;

export interface OpenEngines {
  engines: Engines;
  durations: Durations;
  servers: Servers;
  workflows: WorkflowLibrary;
  models: ModelServers;
  packs: ServerNodePacks;
  downloads: ModelDownloads;
  trainers: readonly StyleTrainer[];
  runs: TrainingRuns;
  sentStyles: SentStyles;
  /** Of the ComfyUI servers. */
  describer: Describer;
}

export interface EngineAdapters {
  /** Replaces the built-in engines. */
  engines?: (config: Config, process: EmbeddedProcess) => Engine[];
  /** Replaces the built-in trainers. */
  trainers?: (config: Config, log: Logger, comfy: ComfyEngine) => StyleTrainer[];
}

export async function openEngines(
  shared: Shared,
  { engines: embedded = embeddedEngines, trainers = builtInTrainers }: EngineAdapters,
  closings: Closings,
): Promise<OpenEngines> {
  const { config, log, db, blobs, bus, news } = shared;
  const families = comfyFamilies(config.flux);
  const process = new EmbeddedProcess({ entry: config.embeddedEntry, idleMs: EMBEDDED_IDLE_MS, log });
  const places = shared.isAlone ? null : new ServerPlaces({ db, bus, log, name: shared.name });
  closings.add(() => places?.close());
  const comfy = new ComfyEngine({
    clientId: shared.comfyClientId,
    servers: config.comfyUrls.map(serverAt),
    families,
    timeoutMs: config.comfyTimeoutMs,
    loraDir: config.comfyLoraDir,
    finish: finishIn(process),
    ...(places ? { places } : {}),
    log,
  });
  const onChange = () => bus.publish({ type: 'engines' });
  const workflowsDir = path.join(config.dataDir, 'workflows');
  const workflows = new WorkflowLibrary(workflowsDir, comfy, families, onChange);
  const sentStyles = new SentStyles({ db, blobs, delivery: comfy.loraFiles });
  const runs = new TrainingRuns({ db, blobs, bus, news, log, dataDir: config.dataDir, sentStyles });
  const training = trainers(config, log, comfy);
  const turns: DeviceTurns = new Map();
  const durations = new Durations(db.read);
  const all = [
    comfy,
    ...embedded(config, process),
    ...training.map((trainer) => new TrainingEngine(trainer, turns)),
  ];
  const engines = new Engines(all, (family) => durations.of(family.id, family));
  closings.add(() => process.close());
  closings.add(() => engines.close());
  closings.add(bus.subscribe('abandon', ({ lane, ticket }) => engines.abandon(lane, ticket)));
  const servers = new Servers(db, comfy, serverAt, onChange);
  await workflows.load();
  await servers.load();
  const downloads = new ModelDownloads(db, bus, comfy.models);
  await downloads.load();
  if (!shared.isAlone) followOthers(shared, [servers, workflows, downloads], closings);
  const { models, packs, describer } = comfy;
  return {
    engines,
    durations,
    servers,
    workflows,
    models,
    packs,
    downloads,
    trainers: training,
    runs,
    sentStyles,
    describer,
  };
}

/** Applies changes of servers and workflows by other processes: at once after a bus message, otherwise after a few seconds. */
function followOthers({ bus, log }: Shared, lists: { load(): Promise<void> }[], closings: Closings): void {
  const rounds = new Rounds(log);
  const loadAll = async () => {
    for (const list of lists) await list.load();
  };
  for (const type of ['engines', 'gap'] as const)
    closings.add(bus.subscribe(type, () => rounds.once(loadAll)));
  rounds.every(LOAD_EVERY_MS, loadAll);
  closings.add(() => rounds.close());
}

/** Steps on ComfyUI's pictures are jobs of the embedded process, as those of the built-in engines. */
const finishIn =
  (process: EmbeddedProcess): Finish =>
  (step, picture, ctx) =>
    process.run(FINISHES[step], { picture }, ctx);
const FINISHES = { unmix: UNMIX } satisfies Record<FinishStep, unknown>;

function embeddedEngines(config: Config, process: EmbeddedProcess): Engine[] {
  const { modelsDir } = config;
  return [
    new StarterEngine({ modelsDir, process }),
    new CutoutEngine({ modelsDir, userModelsDir: path.join(config.dataDir, 'models', 'cutout'), process }),
    new UpscaleEngine({ modelsDir, process }),
    new AnimationEngine({ cutOut: cutOutIn(modelsDir, process), searchPath: config.searchPath }),
  ];
}

/** A frame of an animation is cut out as a picture is. */
const cutOutIn =
  (modelsDir: string, process: EmbeddedProcess): CutOut =>
  async (picture, signal) => {
    const job = { modelsDir, model: 'auto', userModel: null, picture };
    const { png } = await process.run(CUTOUT, job, { signal, progress: () => {}, preview: () => {} });
    return png;
  };

function builtInTrainers(config: Config, log: Logger, comfy: ComfyEngine): StyleTrainer[] {
  const process = new EmbeddedProcess({
    entry: config.embeddedEntry,
    idleMs: TRAINER_IDLE_MS,
    // A step may take long when all cores are busy.
    abortGraceMs: 5_000,
    niceness: constants.priority.PRIORITY_LOW,
    log,
  });
  const starter = new StarterTrainer({ modelsDir: config.modelsDir, process });
  const supervision = supervisionBy(config);
  const byPrograms = programs(config).map((program) => new ProgramTrainer(program, supervision));
  return [starter, ...byPrograms, comfy.trainer(models(config.flux))];
}

/** Trainers that are programs of their own, those that are usually best first. */
const programs = (config: Config): TrainingProgram[] => {
  const { aiToolkit, kohya, musubi, mfluxTrain, trainCommand, trainModelsDirs } = config;
  const { programEnv: env, searchPath } = config;
  return [
    new AiToolkitProgram({ ...aiToolkit, env }),
    new MusubiProgram({ ...musubi, env }, trainModelsDirs),
    new KohyaProgram({ ...kohya, env }, trainModelsDirs),
    new MfluxProgram({ command: mfluxTrain, searchPath, env }),
    new CommandProgram({ ...trainCommand, searchPath, labelOf: labelOfLora }),
  ];
};

const labelOfLora = (family: string): string =>
  LORA_MODELS.find(({ families }) => families.includes(family))?.label ?? family;

const supervisionBy = ({ keeperEntry, programEnv, trainMinFreeBytes }: Config): Supervision => ({
  keeperEntry,
  env: programEnv,
  minFreeBytes: trainMinFreeBytes,
});
