/** Just enough of the protobuf wire format to take an ONNX file apart and to put one together. */

/** The fields of a message in file order: `{field, wire, value}`; value is a BigInt for varints, otherwise bytes. */
export function readFields(bytes) {
  const fields = [];
  let at = 0;
  while (at < bytes.length) {
    const key = readVarint(bytes, at);
    at = key.next;
    const [field, wire] = [Number(key.value >> 3n), Number(key.value & 7n)];
    if (wire === 0) {
      const { value, next } = readVarint(bytes, at);
      fields.push({ field, wire, value });
      at = next;
      continue;
    }
    const length = wire === 2 ? readVarint(bytes, at) : { value: wire === 1 ? 8n : 4n, next: at };
    const end = length.next + Number(length.value);
    fields.push({ field, wire, value: bytes.subarray(length.next, end) });
    at = end;
  }
  return fields;
}

function readVarint(bytes, at) {
  let value = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at++];
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return { value, next: at };
  }
}

export function writeFields(fields) {
  return Buffer.concat(
    fields.flatMap(({ field, wire, value }) => {
      const key = writeVarint((BigInt(field) << 3n) | BigInt(wire));
      if (wire === 0) return [key, writeVarint(value)];
      return wire === 2 ? [key, writeVarint(BigInt(value.length)), value] : [key, value];
    }),
  );
}

function writeVarint(value) {
  const bytes = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const byte = Number(rest & 127n);
    rest >>= 7n;
    bytes.push(rest > 0n ? byte | 128 : byte);
  } while (rest > 0n);
  return Buffer.from(bytes);
}

export const varint = (field, value) => ({ field, wire: 0, value: BigInt(value) });
export const bytes = (field, value) => ({ field, wire: 2, value: Buffer.from(value) });
export const message = (field, fields) => ({ field, wire: 2, value: writeFields(fields) });
