/** The pictures that a request names for examples of a workflow, as the small copies that its file keeps. */
import type { Caller, WorkflowExampleInput } from '@limner/contract';
import { type Example, pictureNamed, smallPicture } from '../engines/comfy/workflows/workflow-examples.ts';
import { withinMemory } from '../images/pixel-gate.ts';
import type { Blobs } from '../storage/blobs.ts';
import type { Pictures } from './pictures.ts';

export class ExamplePictures {
  readonly #pictures: Pictures;
  readonly #blobs: Blobs;

  constructor(pictures: Pictures, blobs: Blobs) {
    this.#pictures = pictures;
    this.#blobs = blobs;
  }

  /**
   * undefined: the request leaves the examples as they are.
   * @param held examples whose pictures can be kept
   * @throws StudioError `image_not_found`, `file_type`, `file_broken`
   */
  async of(
    caller: Caller,
    given: WorkflowExampleInput[] | undefined,
    held: readonly Example[],
  ): Promise<Example[] | undefined> {
    if (!given) return undefined;
    const examples: Example[] = [];
    for (const { image, ...words } of given) {
      const picture = image === null ? null : (kept(image, held) ?? (await this.#small(caller, image)));
      examples.push({ ...words, picture });
    }
    return examples;
  }

  async #small(caller: Caller, image: string): Promise<Example['picture']> {
    const { file, width, height } = await this.#pictures.resolve(caller, image, 'examples');
    const pixels = width * height;
    return withinMemory(pixels, async () => smallPicture(await this.#blobs.read(file), pixels));
  }
}

const kept = (image: string, held: readonly Example[]): Example['picture'] | undefined => {
  const id = pictureNamed(image);
  return id === null ? undefined : held.find(({ picture }) => picture?.id === id)?.picture;
};
