import { parsePython } from '../../state/recipe/comfy-graph.ts';
import { textsOf } from '../../state/recipe/png-text.ts';
import { COMFY_KEYWORD } from '../../state/recipe/recipe-in-png.ts';

/** A selected workflow file; the server validates its content. */
export interface WorkflowFile {
  /** Its name without the extension. */
  name: string;
  graph: Record<string, unknown>;
}

/** A JSON file, or a picture of ComfyUI with its graph. null if the file has no JSON object. */
export async function readWorkflowFile(file: File): Promise<WorkflowFile | null> {
  try {
    const text =
      file.type === 'image/png'
        ? textsOf(new DataView(await file.arrayBuffer())).get(COMFY_KEYWORD)
        : await file.text();
    const graph = parsePython(text ?? '');
    if (typeof graph !== 'object' || graph === null || Array.isArray(graph)) return null;
    return {
      name: file.name.replace(/\.(json|png)$/i, '').slice(0, 60),
      graph: graph as WorkflowFile['graph'],
    };
  } catch {
    return null;
  }
}
