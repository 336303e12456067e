/**
 * Stores a model's weights in fewer bytes: as halves, or as int8 with one scale per row. Only the storage changes: Cast
 * and Mul nodes rebuild the 32-bit weights, and ONNX Runtime folds those once at load.
 *
 *   node shrink.mjs half|int8 in.onnx out.onnx
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { changeGraph, floatToHalf, makeNode, toFloats, TYPE } from './onnx-file.mjs';

/** Smaller tensors stay as they are: they cost little, and tables and biases want precision. */
const LEAST_VALUES = { half: 256, int8: 4096 };
const count = (tensor) => tensor.dims?.reduce((product, dim) => product * dim, 1) ?? 0;

/** Undoes an earlier `half`, so that a model can be stored in another way without its 32-bit file. */
function widen({ nodes, tensors }) {
  const halves = new Map(tensors.filter((tensor) => tensor.type === TYPE.half).map((tensor) => [tensor.name, tensor]));
  const isCast = (node) => node.op === 'Cast' && halves.has(node.inputs[0]);
  const wide = nodes.filter(isCast).map((node) => {
    const half = halves.get(node.inputs[0]);
    return { name: node.outputs[0], dims: half.dims, type: TYPE.float, data: Buffer.from(toFloats(half).buffer) };
  });
  return { nodes: nodes.filter((node) => !isCast(node)), tensors: [...tensors.filter((tensor) => !halves.has(tensor.name)), ...wide] };
}

function asHalf(tensor) {
  const values = toFloats(tensor);
  const data = Buffer.alloc(values.length * 2);
  values.forEach((value, i) => data.writeUInt16LE(floatToHalf(value), 2 * i));
  const stored = `${tensor.name}_h`;
  return {
    tensors: [{ name: stored, dims: tensor.dims, type: TYPE.half, data }],
    nodes: [makeNode('Cast', [stored], [tensor.name], { to: TYPE.float })],
  };
}

/** One scale for all weights that lead to the same output: the last axis of a MatMul's matrix, the first of all others. */
function asInt8(tensor, nodes) {
  const values = toFloats(tensor);
  const { dims, name } = tensor;
  const last = nodes.some((node) => node.op === 'MatMul' && node.inputs[1] === name);
  const axis = last ? dims.length - 1 : 0;
  const rows = dims[axis];
  const rowOf = last ? (i) => i % rows : (i) => Math.floor(i / (values.length / rows));
  const scales = new Float32Array(rows);
  values.forEach((value, i) => {
    scales[rowOf(i)] = Math.max(scales[rowOf(i)], Math.abs(value) / 127);
  });
  const data = Buffer.from(Int8Array.from(values, (value, i) => Math.round(value / (scales[rowOf(i)] || 1))).buffer);
  const scaleDims = dims.map((_, each) => (each === axis ? rows : 1));
  return {
    tensors: [
      { name: `${name}_q`, dims, type: TYPE.int8, data },
      { name: `${name}_s`, dims: scaleDims, type: TYPE.float, data: Buffer.from(scales.buffer) },
    ],
    nodes: [
      makeNode('Cast', [`${name}_q`], [`${name}_f`], { to: TYPE.float }),
      makeNode('Mul', [`${name}_f`, `${name}_s`], [name]),
    ],
  };
}

const STORE = { half: asHalf, int8: asInt8 };

export function shrink(model, how) {
  return changeGraph(model, (graph) => {
    const { nodes, tensors } = widen(graph);
    const chosen = (tensor) =>
      tensor.type === TYPE.float && count(tensor) >= LEAST_VALUES[how] && (how === 'half' || tensor.dims.length > 1);
    const stored = tensors.filter(chosen).map((tensor) => STORE[how](tensor, nodes));
    return {
      nodes: [...stored.flatMap((each) => each.nodes), ...nodes],
      tensors: [...tensors.filter((tensor) => !chosen(tensor)), ...stored.flatMap((each) => each.tensors)],
    };
  });
}

if (process.argv[1] === import.meta.filename) {
  const [how, source, target] = process.argv.slice(2);
  const small = shrink(readFileSync(source), how);
  writeFileSync(target, small);
  console.log(`${target}: ${small.length} bytes`);
}
