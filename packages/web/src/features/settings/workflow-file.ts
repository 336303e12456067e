/** A selected workflow file; the server validates its content. */
export interface WorkflowFile {
  /** Its name without the extension. */
  name: string;
  graph: Record<string, unknown>;
}

/** null if the file has no JSON object. */
export async function readWorkflowFile(file: File): Promise<WorkflowFile | null> {
  try {
    const graph: unknown = JSON.parse(await file.text());
    if (typeof graph !== 'object' || graph === null || Array.isArray(graph)) return null;
    return {
      name: file.name.replace(/\.json$/i, '').slice(0, 60),
      graph: graph as WorkflowFile['graph'],
    };
  } catch {
    return null;
  }
}
