/**
 * ComfyUI's blueprints: files with one use of a subgraph and nothing around it. On the page, its user links nodes to it that
 * give its pictures and save its results; here they are added. Pure.
 */
import { type Graph, type GraphInput, isLink } from '../../graph.ts';
import { type Canvas, type CanvasLink, type CanvasNode, isNote } from './canvas.ts';

/** The file names stand for the pictures of a request. */
const GIVERS = [
  { type: 'IMAGE', node: 'LoadImage', values: ['picture.png', 'image'] },
  // White is painted over, as in Limner's masks.
  { type: 'MASK', node: 'LoadImageMask', values: ['mask.png', 'red', 'image'] },
];
/** Where there is a video, its frames are not saved once more. */
const SAVERS = [
  { type: 'VIDEO', node: 'SaveVideo', input: 'video', values: ['video/ComfyUI', 'auto', 'auto'] },
  { type: 'IMAGE', node: 'SaveImage', input: 'images', values: ['ComfyUI'] },
  { type: 'AUDIO', node: 'SaveAudio', input: 'audio', values: ['audio/ComfyUI'] },
];

/** A blueprint with what is needed around it; any other canvas as it is. */
export function withEnds(canvas: Canvas): Canvas {
  const [host, ...others] = canvas.nodes.filter((node) => !isNote(node));
  const isSubgraph = canvas.definitions?.subgraphs?.some(({ id }) => id === host?.type) === true;
  if (!host || others.length > 0 || !isSubgraph || canvas.links?.some(Boolean)) return canvas;
  const givers = giversOf(host);
  const added = [...givers, ...saversOf(host)];
  const inputs = host.inputs?.map((slot, index) => {
    const giver = givers.find(({ link }) => link.targetSlot === index);
    return giver ? { ...slot, link: giver.link.id } : slot;
  });
  return {
    ...canvas,
    nodes: [...added.map(({ node }) => node), { ...host, inputs }],
    links: added.map(({ link }) => link),
  };
}

/** Some give their pictures one by one and as a batch of all, as the tiles of a cut picture: the batch is not saved then. */
export function savingOnce(graph: Graph): Graph {
  const savers = Object.entries(graph).filter(([, { class_type }]) => class_type === 'SaveImage');
  const single = new Set(savers.map(([, { inputs }]) => String(inputs.images)));
  const batchOf = (images: GraphInput | undefined) => {
    const node = isLink(images) ? graph[images[0]] : undefined;
    return node?.class_type === 'BatchImagesNode' ? Object.values(node.inputs).filter(isLink) : [];
  };
  const isRepeated = (images: GraphInput | undefined) => {
    const batch = batchOf(images);
    return batch.length > 0 && batch.every((link) => single.has(String(link)));
  };
  const repeated = savers.filter(([, { inputs }]) => isRepeated(inputs.images)).map(([id]) => id);
  return Object.fromEntries(Object.entries(graph).filter(([id]) => !repeated.includes(id)));
}

interface End {
  node: CanvasNode;
  /** Between it and the subgraph. */
  link: CanvasLink;
}

const giversOf = (host: CanvasNode): End[] =>
  (host.inputs ?? []).flatMap(({ name, type, widget }, slot) => {
    const types = type.split(',');
    const giver = widget ? undefined : GIVERS.find((each) => types.includes(each.type));
    if (!giver) return [];
    const id = `${host.id}-in-${slot}`;
    const link = { id, origin: id, originSlot: 0, target: host.id, targetSlot: slot };
    return [{ node: nodeOf(id, giver.node, name, { widgets_values: giver.values }), link }];
  });

function saversOf(host: CanvasNode): End[] {
  const outputs = (host.outputs ?? []).map(({ name, type }, slot) => ({ name, type, slot }));
  const saver = SAVERS.find(({ type }) => outputs.some((output) => output.type === type));
  return outputs.flatMap(({ name, type, slot }) => {
    if (!saver || type !== saver.type) return [];
    const id = `${host.id}-out-${slot}`;
    const link = { id, origin: host.id, originSlot: slot, target: id, targetSlot: 0 };
    const inputs = [{ name: saver.input, type, link: id, widget: null }];
    return [{ node: nodeOf(id, saver.node, name, { inputs, widgets_values: saver.values }), link }];
  });
}

const nodeOf = (id: string, type: string, title: string, more: Partial<CanvasNode>): CanvasNode => ({
  id,
  type,
  title,
  mode: 0,
  properties: null,
  ...more,
});
