/** Converts a picture to a control picture: edges, depth, blur, tile or pose. */
import type { ControlType, Size } from '@limner/contract';
import type { GraphBuilder, Link } from '../graph.ts';
import { hasNode, type ServerInfo } from '../server-info.ts';

type Preprocessor = (b: GraphBuilder, image: Link, resolution: number, info: ServerInfo, size: Size) => Link;

/** Out of 255: the usual pair for drawings and photographs. */
const CANNY_LOW = 100;
const CANNY_HIGH = 200;

/**
 * Optional inputs are always sent, because several of these nodes fail without them. `resolution` is the length of the
 * result's shorter side.
 */
const PREPROCESSORS: Readonly<Record<ControlType, Preprocessor>> = {
  canny(b, image, resolution, info) {
    if (!hasNode(info, 'CannyEdgePreprocessor') && hasNode(info, 'Canny')) return coreCanny(b, image);
    const fields = { image, low_threshold: CANNY_LOW, high_threshold: CANNY_HIGH, resolution };
    return b.add('CannyEdgePreprocessor', 'edges', fields).out();
  },
  // The small model is the only one of its kind that may be used commercially.
  depth: (b, image, resolution) =>
    b
      .add('DepthAnythingV2Preprocessor', 'depth', {
        image,
        ckpt_name: 'depth_anything_v2_vits.pth',
        resolution,
      })
      .out(),
  // The only preprocessor with its own output size: sides are multiples of 64.
  tile(b, image, resolution, _, size) {
    const tiles = b.add('TilePreprocessor', 'tiles', { image, pyrUp_iters: 3, resolution }).out();
    const fields = { image: tiles, upscale_method: 'lanczos', ...size, crop: 'disabled' };
    return b.add('ImageScale', 'tiles to output size', fields).out();
  },
  // ComfyUI's own; no preprocessor pack has a blur. `sigma` is relative to the kernel, not in pixels.
  blur: (b, image) => b.add('ImageBlur', 'blur', { image, blur_radius: 15, sigma: 1 }).out(),
  // This pair of detectors needs nothing but torch.
  pose: (b, image, resolution) =>
    b
      .add('DWPreprocessor', 'pose', {
        image,
        detect_hand: 'enable',
        detect_body: 'enable',
        detect_face: 'enable',
        resolution,
        bbox_detector: 'yolox_l.torchscript.pt',
        pose_estimator: 'dw-ll_ucoco_384_bs5.torchscript.pt',
        scale_stick_for_xinsr_cn: 'disable',
      })
      .out(),
};

/** Without the pack: the same thresholds on its scale of 0…1. */
function coreCanny(b: GraphBuilder, image: Link): Link {
  const of255 = (value: number) => Math.round((value / 255) * 100) / 100;
  const fields = { image, low_threshold: of255(CANNY_LOW), high_threshold: of255(CANNY_HIGH) };
  return b.add('Canny', 'edges', fields).out();
}

export const preprocess = (
  b: GraphBuilder,
  type: ControlType,
  image: Link,
  size: Size,
  info: ServerInfo,
): Link => PREPROCESSORS[type](b, image, Math.min(size.width, size.height), info, size);
