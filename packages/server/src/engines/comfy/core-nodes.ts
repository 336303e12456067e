/**
 * Nodes of ComfyUI itself by the first version that has them: those of our graphs and of ComfyUI's own blueprints, after
 * 0.3.31. Read from ComfyUI's history, in the versions' `nodes.py` and `comfy_extras`.
 */
import type { Bilingual } from '@limner/contract';
import { isOlder } from './version.ts';

const ADDED: Readonly<Record<string, readonly string[]>> = {
  '0.3.40': ['GetImageSize', 'ImageStitch'],
  '0.3.42': ['FluxKontextImageScale', 'ReferenceLatent', 'ResizeAndPadImage'],
  '0.3.45': ['CFGNorm'],
  '0.3.46': ['Wan22ImageToVideoLatent'],
  '0.3.51': ['FluxKontextMultiReferenceLatentMethod', 'TextEncodeQwenImageEdit'],
  '0.3.52': ['ModelPatchLoader', 'QwenImageDiffsynthControlnet'],
  '0.3.55': ['LatentCut'],
  '0.3.57': ['ImageScaleToMaxDimension', 'USOStyleReference'],
  '0.3.60': ['TextEncodeQwenImageEditPlus'],
  '0.3.61': ['AudioMerge', 'EmptyAudio', 'TrimAudioDuration'],
  '0.3.71': ['EmptyHunyuanVideo15Latent', 'HunyuanVideo15ImageToVideo', 'LatentUpscaleModelLoader'],
  '0.3.72': ['EmptyFlux2LatentImage', 'Flux2Scheduler'],
  '0.3.76': ['ResizeImagesByLongerEdge'],
  '0.4.0': ['ComfySwitchNode'],
  '0.5.0': ['ZImageFunControlnet'],
  '0.6.0': ['EmptyQwenImageLayeredLatentImage', 'LatentCutToBatch'],
  '0.7.0': ['ManualSigmas'],
  '0.8.0': [
    'BatchImagesNode',
    'CustomCombo',
    'LTXAVTextEncoderLoader',
    'LTXVAudioVAEDecode',
    'LTXVAudioVAELoader',
    'LTXVConcatAVLatent',
    'LTXVEmptyLatentAudio',
    'LTXVImgToVideoInplace',
    'LTXVLatentUpsampler',
    'LTXVSeparateAVLatent',
    'ResizeImageMaskNode',
  ],
  '0.12.0': ['ColorToRGBInt', 'EmptyAceStep1.5LatentAudio', 'TextEncodeAceStepAudio1.5'],
  '0.14.0': ['Video Slice'],
  '0.15.0': ['GLSLShader', 'ImageCropV2', 'PrimitiveBoundingBox', 'SplitImageToTileList', 'TextGenerate'],
  '0.16.0': ['SDPoseDrawKeypoints', 'SDPoseKeypointExtractor', 'WanSCAILToVideo'],
  '0.16.4': ['ComfyMathExpression'],
  '0.19.0': ['ComfyNumberConvert', 'CurveEditor', 'ImageHistogram', 'RTDETR_detect'],
  '0.19.2': ['JsonExtractString'],
  '0.20.0': [
    'ColorTransfer',
    'FrameInterpolate',
    'FrameInterpolationModelLoader',
    'SAM3_Detect',
    'SAM3_VideoTrack',
  ],
  '0.21.0': [
    'LoadBackgroundRemovalModel',
    'OpticalFlowLoader',
    'RemoveBackground',
    'VOIDInpaintConditioning',
    'VOIDSampler',
    'VOIDWarpedNoise',
    'VOIDWarpedNoiseSource',
  ],
  '0.22.0': ['LoadMoGeModel', 'MoGeInference', 'MoGePointMapToMesh', 'MoGeRender'],
  '0.23.0': [
    'LoadMediaPipeFaceLandmarker',
    'MediaPipeFaceLandmarker',
    'MediaPipeFaceMask',
    'TripoSplatConditioning',
    'TripoSplatPreprocessImage',
    'TripoSplatSamplingPreview',
    'VAEDecodeTripoSplat',
  ],
  '0.24.0': ['CFGOverride', 'DualModelGuider', 'Ideogram4Scheduler'],
  '0.25.0': ['BerniniConditioning', 'DA3Inference', 'DA3Render', 'LoadDA3Model', 'SCAIL2ColoredMask'],
};
const SINCE: ReadonlyMap<string, string> = new Map(
  Object.entries(ADDED).flatMap(([version, classes]) => classes.map((name) => [name, version])),
);

/** Undefined: an older node of ComfyUI, or one of a pack. */
export const coreSince = (classType: string): string | undefined => SINCE.get(classType);

/** Of classes that all come with ComfyUI. */
export function updateFor(classes: readonly string[]): Bilingual {
  const since = classes
    .flatMap((name) => coreSince(name) ?? [])
    .reduce((latest, each) => (isOlder(latest, each) ? each : latest));
  const one = classes.length === 1 ? classes[0] : undefined;
  const [en, zh] = [one ? `the node ${one}` : 'these nodes', one ? `节点 ${one}` : '这些节点'];
  return {
    en: `ComfyUI ${since} and newer have ${en}. Update ComfyUI to ${since} or newer; if it is, look in its log for why the node did not load.`,
    zh: `ComfyUI ${since} 及更高版本自带 ${zh}。请将 ComfyUI 更新至 ${since} 或更高版本；若已是该版本，请在其日志中查看节点未加载的原因。`,
  };
}
