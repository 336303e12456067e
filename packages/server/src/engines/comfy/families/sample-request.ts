/** The plainest request a family is asked about when nobody has asked for a picture yet. */
import type { TaskKind } from '@limner/contract';
import type { FrameRequest } from '../../engine.ts';
import { inputIds, type UploadedInputs } from './family.ts';

export function sampleRequest(
  kind: TaskKind,
  family: string,
  type: FrameRequest['type'] = null,
): FrameRequest {
  return {
    kind,
    family,
    type,
    prompt: '',
    negativePrompt: '',
    seed: 0,
    width: null,
    height: null,
    params: {},
    style: null,
    inputImage: null,
    maskImage: null,
    references: [],
    controlnet: null,
  };
}

/** Stand-ins for pictures that are not on the server yet; what is there does not depend on them. */
export const sampleUploads = (request: FrameRequest): UploadedInputs =>
  new Map(inputIds(request).map((id) => [id, { name: `${id}.png`, width: 1024, height: 1024 }]));
