/** All engines, each as the server opens it. ComfyUI is the fake one, and what trains is scripted. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { type AnimationFormat, type FrameRecipe, Recipe } from '@limner/contract';
import { AnimationEngine } from '../src/engines/animation/animation-engine.ts';
import { ANIMATION_FAMILY, WEBM_FAMILY } from '../src/engines/animation/families.ts';
import type { ComfyFamily } from '../src/engines/comfy/families/family.ts';
import { CutoutEngine } from '../src/engines/cutout/cutout-engine.ts';
import { CUTOUT_FAMILY } from '../src/engines/cutout/families.ts';
import { MODELS_DIR } from '../src/engines/embedded/job-testing.ts';
import { EmbeddedProcess } from '../src/engines/embedded/process.ts';
import { bundledChild } from '../src/engines/embedded/testing.ts';
import { type EngineRig, engineContract } from '../src/engines/engine.contract.ts';
import type { Engine } from '../src/engines/engine.ts';
import { StarterEngine } from '../src/engines/starter/starter-engine.ts';
import { TrainingEngine } from '../src/engines/training/training-engine.ts';
import { UPSCALE_FAMILY, UpscaleEngine } from '../src/engines/upscale/upscale-engine.ts';
import { FakeComfy } from './fake-comfy/fake-comfy.ts';
import { engineFor, frame, plainFamily, until } from './fake-comfy/fake-frames.ts';
import { ScriptedTrainer } from './scripted-trainer.ts';

const child = await bundledChild();

const frameOf = (family: string, recipe: object): FrameRecipe => ({
  ...Recipe.parse(recipe),
  family,
  seed: 3,
});

async function rig(
  engine: Engine,
  frameToRun: FrameRecipe,
  roles: string[],
  close: () => Promise<void> = async () => {},
): Promise<EngineRig> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'limner-engine-'));
  return {
    engine,
    frame: frameToRun,
    roles,
    folder,
    async close() {
      await engine.close();
      await close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

type BuiltIn = (options: { modelsDir: string; process: EmbeddedProcess }) => Engine;

function builtIn(make: BuiltIn, frameToRun: FrameRecipe) {
  const open = (modelsDir: string) => {
    const process = new EmbeddedProcess({ entry: child });
    return rig(make({ modelsDir, process }), frameToRun, ['main'], () => process.close());
  };
  return { open: () => open(MODELS_DIR), openLacking: () => open(path.join(os.tmpdir(), 'no-models')) };
}

engineContract(
  'The starter',
  builtIn(
    (options) => new StarterEngine(options),
    frameOf('starter-paint', {
      kind: 'generation',
      type: 'txt2img',
      prompt: 'a red dragon',
      width: 128,
      height: 128,
      params: { steps: 4 },
    }),
  ),
);

engineContract(
  'The cut-out',
  builtIn(
    (options) => new CutoutEngine({ ...options, userModelsDir: path.join(os.tmpdir(), 'no-models') }),
    frameOf(CUTOUT_FAMILY, { kind: 'remove_bg', prompt: '', input_image: 'u1' }),
  ),
);

engineContract(
  'Upscaling',
  builtIn(
    (options) => new UpscaleEngine(options),
    frameOf(UPSCALE_FAMILY, { kind: 'upscale', prompt: '', input_image: 'u1', params: { factor: 2 } }),
  ),
);

function animation(family: string, format: AnimationFormat) {
  const engine = new AnimationEngine({ cutOut: async (picture) => picture, searchPath: '' });
  const recipe = { kind: 'animation', references: ['u1', 'u2'], animation: { format } };
  return rig(engine, frameOf(family, recipe), ['main']);
}

engineContract('Animations', {
  open: () => animation(ANIMATION_FAMILY, 'gif'),
  openLacking: () => animation(WEBM_FAMILY, 'webm'),
});

async function comfy(
  models: Record<string, string[]> = {},
  family = plainFamily,
  roles = ['main'],
): Promise<EngineRig> {
  const fake = await FakeComfy.start({ models, faults: { promptMs: 100 } });
  const engine = engineFor([fake], { families: [family] });
  await until(async () => (await engine.health())[0]?.status === 'ready');
  return rig(engine, frame(), roles, () => fake.close());
}

engineContract('ComfyUI', {
  open: () => comfy(),
  openLacking: () => comfy({ 'CheckpointLoaderSimple.ckpt_name': ['another.safetensors'] }),
});

/** A second node saves the same picture under another name. */
const twoNodes: ComfyFamily = {
  ...plainFamily,
  build(...args) {
    const built = plainFamily.build(...args);
    const [first = ''] = built.outputNodes;
    const node = built.graph[first];
    if (!node) throw new Error('no node saves it');
    const second = { ...node, inputs: { ...node.inputs, filename_prefix: 'limner/second' } };
    return { ...built, graph: { ...built.graph, second }, outputNodes: [first, 'second'] };
  },
};

engineContract('ComfyUI with a graph that saves twice', {
  open: () => comfy({}, twoNodes, ['main', 'main']),
  openLacking: () => comfy({ 'CheckpointLoaderSimple.ckpt_name': ['another.safetensors'] }, twoNodes),
});

const training = frameOf('scripted-lora', {
  kind: 'training',
  prompt: 'Ink',
  references: ['u1', 'u2'],
  training: {
    style_name: 'Ink',
    style_type: 'ui',
    trigger_words: '',
    captions: ['', ''],
    params: { lora_rank: 8, learning_rate: 0.1, steps: 6 },
  },
});

engineContract('Training', {
  open: () => rig(new TrainingEngine(new ScriptedTrainer()), training, ['main', 'lora']),
  openLacking: () => {
    const trainer = new ScriptedTrainer();
    const cure = { en: 'Check it out again.', zh: '请重新检出。' };
    trainer.obstacles = [{ what: 'weights', name: 'step.onnx', cure }];
    return rig(new TrainingEngine(trainer), training, ['main', 'lora']);
  },
});
