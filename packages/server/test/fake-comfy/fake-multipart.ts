/** Just enough of multipart/form-data to read an upload. */
export interface FakeUpload {
  fields: Record<string, string>;
  file: { name: string; bytes: Buffer } | null;
}

export function parseMultipart(body: Buffer, contentType: string): FakeUpload {
  const boundary = `--${/boundary=([^;]+)/.exec(contentType)?.[1]}`;
  const upload: FakeUpload = { fields: {}, file: null };
  let at = body.indexOf(boundary);
  while (at >= 0) {
    const next = body.indexOf(boundary, at + boundary.length);
    if (next < 0) break;
    const part = body.subarray(at + boundary.length + 2, next - 2);
    const split = part.indexOf('\r\n\r\n');
    const head = part.toString('utf8', 0, split);
    const content = part.subarray(split + 4);
    const name = / name="([^"]*)"/.exec(head)?.[1] ?? '';
    const filename = /filename="([^"]*)"/.exec(head)?.[1];
    if (filename !== undefined && name === 'image')
      upload.file = { name: filename, bytes: Buffer.from(content) };
    else upload.fields[name] = content.toString();
    at = next;
  }
  return upload;
}
