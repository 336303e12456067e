/** The parts of an ONNX file that the converters touch: a graph's nodes and its stored tensors. */
import { bytes, message, readFields, varint, writeFields } from './protobuf.mjs';

export const TYPE = { float: 1, int8: 3, int64: 7, half: 10 };
const GRAPH = 7;
const [NODE, INITIALISER] = [1, 5];

/** Returns what `change({nodes, tensors})` makes of a model; both are arrays and `change` returns new ones. */
export function changeGraph(model, change) {
  const fields = readFields(model).map((field) => {
    if (field.field !== GRAPH) return field;
    const graph = readFields(field.value);
    const nodes = graph.filter((each) => each.field === NODE).map((each) => readNode(each.value));
    const tensors = graph.filter((each) => each.field === INITIALISER).map((each) => readTensor(each.value));
    const changed = change({ nodes, tensors });
    const rest = graph.filter((each) => each.field !== NODE && each.field !== INITIALISER);
    return message(GRAPH, [
      ...changed.nodes.map((node) => bytes(NODE, node.raw)),
      ...changed.tensors.map((tensor) => message(INITIALISER, tensorFields(tensor))),
      ...rest,
    ]);
  });
  return writeFields(fields);
}

function readNode(raw) {
  const fields = readFields(raw);
  const texts = (field) => fields.filter((each) => each.field === field).map((each) => each.value.toString());
  return { inputs: texts(1), outputs: texts(2), op: texts(4)[0], raw };
}

/** An operation without attributes but whole numbers. */
export function makeNode(op, inputs, outputs, attributes = {}) {
  const raw = writeFields([
    ...inputs.map((name) => bytes(1, name)),
    ...outputs.map((name) => bytes(2, name)),
    bytes(3, outputs[0]),
    bytes(4, op),
    ...Object.entries(attributes).map(([name, value]) => message(5, [bytes(1, name), varint(3, value), varint(20, 2)])),
  ]);
  return { inputs, outputs, op, raw };
}

function readTensor(raw) {
  const fields = readFields(raw);
  const one = (field) => fields.find((each) => each.field === field)?.value;
  const data = one(9);
  if (data === undefined) return { name: one(8).toString(), kept: fields };
  const dims = fields.filter((each) => each.field === 1).flatMap(dimsOf);
  return { name: one(8).toString(), dims, type: Number(one(2)), data };
}

function dimsOf({ wire, value }) {
  if (wire === 0) return [Number(value)];
  const unpacked = [];
  for (let at = 0; at < value.length; ) {
    let dim = 0;
    let scale = 1;
    let byte;
    do {
      byte = value[at++];
      dim += (byte & 127) * scale;
      scale *= 128;
    } while (byte >= 128);
    unpacked.push(dim);
  }
  return unpacked;
}

function tensorFields({ name, dims, type, data, kept }) {
  return kept ?? [...dims.map((dim) => varint(1, dim)), varint(2, type), bytes(8, name), bytes(9, data)];
}

export function toFloats({ type, data }) {
  if (type === TYPE.float) return new Float32Array(data.buffer.slice(data.byteOffset, data.byteOffset + data.length));
  if (type === TYPE.half) return Float32Array.from({ length: data.length / 2 }, (_, i) => halfToFloat(data.readUInt16LE(2 * i)));
  return null;
}

function halfToFloat(half) {
  const sign = half >> 15 ? -1 : 1;
  const [exponent, fraction] = [(half >> 10) & 31, half & 1023];
  if (exponent === 0) return sign * fraction * 2 ** -24;
  return exponent === 31 ? (fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY) : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

/** Nearest half, ties to even. */
export function floatToHalf(value) {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const exponent = Math.max(Math.floor(Math.log2(size || 2 ** -30)), -14);
  const units = roundToEven(size / 2 ** (exponent - 10));
  // `units` may have rounded up to the next power of two; adding carries into the exponent as it should.
  return sign | (((exponent + 14) << 10) + units);
}

function roundToEven(value) {
  const low = Math.floor(value);
  const rest = value - low;
  return rest > 0.5 || (rest === 0.5 && low % 2 === 1) ? low + 1 : low;
}
