import { MAX_WORKFLOW_FILE_MB } from '@limner/contract';
import { COMFY_CANVAS_KEYWORD, COMFY_KEYWORD } from '../../../state/recipe/foreign/comfy-graph.ts';
import { parsePython } from '../../../state/recipe/foreign/json-fields.ts';
import { textsOf } from '../../../state/recipe/texts/picture-texts.ts';

/** A selected workflow file; the server validates its content. */
export interface WorkflowFile {
  /** Its name without the extension. */
  name: string;
  graph: Record<string, unknown>;
}

/** A JSON file, or a picture of ComfyUI with its graph or its canvas. null if the file has no JSON object. */
export async function readWorkflowFile(file: File): Promise<WorkflowFile | 'too large' | null> {
  try {
    const isPicture = file.type.startsWith('image/');
    if (!isPicture && file.size > MAX_WORKFLOW_FILE_MB * 1024 ** 2) return 'too large';
    const text = isPicture ? await textInPicture(file) : await file.text();
    const graph = parsePython(text ?? '');
    if (typeof graph !== 'object' || graph === null || Array.isArray(graph)) return null;
    return {
      name: file.name.replace(/(\.limner-workflow)?\.(json|png|jpe?g|webp)$/i, '').slice(0, 60),
      graph: graph as WorkflowFile['graph'],
    };
  } catch {
    return null;
  }
}

/** The graph that ran has every value; the canvas is converted by the server. */
async function textInPicture(file: File): Promise<string | undefined> {
  const texts = await textsOf(await file.arrayBuffer());
  return texts.get(COMFY_KEYWORD) ?? texts.get(COMFY_CANVAS_KEYWORD);
}
