/** A ComfyUI graph in API format, and the small builder that families write it with. */

/** `[node id, output index]`. The id must be text: ComfyUI refuses a number. */
export type Link = [string, number];
/** Our own graphs hold plain values and links; imported ones may hold any value of a node's widgets. */
export type GraphInput =
  | string
  | number
  /** A seed that a JSON number cannot hold exactly; see `toJson` in `link/json.ts`. */
  | bigint
  | boolean
  | null
  | Link
  | GraphInput[]
  | { [key: string]: GraphInput };

export interface GraphNode {
  class_type: string;
  inputs: Record<string, GraphInput>;
  _meta?: { title: string };
}

export type Graph = Record<string, GraphNode>;

export const isLink = (value: unknown): value is Link =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && Number.isInteger(value[1]);

/** A node already in the graph; `out(1)` is the link to its second output. */
export interface NodeRef {
  id: string;
  out(index?: number): Link;
}

/** Numbers its nodes from 1, in the order they are added. */
export class GraphBuilder {
  readonly graph: Graph = {};
  #count = 0;

  add(classType: string, title: string, inputs: Record<string, GraphInput>): NodeRef {
    this.#count += 1;
    const id = String(this.#count);
    this.graph[id] = { class_type: classType, inputs, _meta: { title } };
    return { id, out: (index = 0) => [id, index] };
  }
}
