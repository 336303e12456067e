/**
 * The models that ai-toolkit trains here. It downloads them from Hugging Face on first use. Architectures, repositories and
 * settings are those of `ui/src/app/jobs/new/options.tsx` and `config/examples` of ai-toolkit 0.12.26.
 */
export interface AiToolkitModel {
  id: string;
  /** The family that the style works with. */
  family: string;
  label: string;
  model: Readonly<Record<string, string>>;
  /** null: the trainer's own. */
  timestepType: string | null;
  guidance: number;
  sampleSteps: number;
}

/** The usual one first. */
export const AI_TOOLKIT_MODELS: readonly AiToolkitModel[] = [
  {
    ...{ id: 'flux2-klein-4b', family: 'flux2-klein', label: 'FLUX.2 klein 4B' },
    model: { arch: 'flux2_klein_4b', name_or_path: 'black-forest-labs/FLUX.2-klein-base-4B' },
    ...{ timestepType: 'weighted', guidance: 4, sampleSteps: 25 },
  },
  {
    ...{ id: 'z-image-turbo', family: 'z-image', label: 'Z-Image Turbo' },
    model: {
      ...{ arch: 'zimage:turbo', name_or_path: 'Tongyi-MAI/Z-Image-Turbo' },
      assistant_lora_path:
        'ostris/zimage_turbo_training_adapter/zimage_turbo_training_adapter_v2.safetensors',
    },
    ...{ timestepType: 'weighted', guidance: 1, sampleSteps: 9 },
  },
  {
    ...{ id: 'z-image', family: 'z-image', label: 'Z-Image' },
    model: { arch: 'zimage', name_or_path: 'Tongyi-MAI/Z-Image' },
    ...{ timestepType: 'weighted', guidance: 4, sampleSteps: 30 },
  },
  {
    ...{ id: 'qwen-image', family: 'qwen-image', label: 'Qwen-Image' },
    model: { arch: 'qwen_image', name_or_path: 'Qwen/Qwen-Image' },
    ...{ timestepType: 'weighted', guidance: 3, sampleSteps: 25 },
  },
  {
    ...{ id: 'flux-dev', family: 'flux-dev', label: 'FLUX.1 dev' },
    model: { arch: 'flux', name_or_path: 'black-forest-labs/FLUX.1-dev' },
    ...{ timestepType: null, guidance: 4, sampleSteps: 20 },
  },
  {
    ...{ id: 'flux-schnell', family: 'flux-schnell', label: 'FLUX.1 schnell' },
    model: {
      ...{ arch: 'flux', name_or_path: 'black-forest-labs/FLUX.1-schnell' },
      assistant_lora_path: 'ostris/FLUX.1-schnell-training-adapter',
    },
    ...{ timestepType: null, guidance: 1, sampleSteps: 4 },
  },
];
