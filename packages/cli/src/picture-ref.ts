/** What a command may name as a picture: a file of this machine, a picture of the server by its id or URL, or a public address. */
import { parseOutputId } from '@limner/contract';
import type { Connection } from './connect.ts';
import { CliError, EXIT } from './exit-code.ts';
import { isReadableFile, upload } from './upload.ts';
import type { Words } from './words.ts';

const UPLOAD_ID = /^u[a-z2-7]{26}$/;

const isId = (picture: string): boolean => UPLOAD_ID.test(picture) || parseOutputId(picture) !== null;

const isAddress = (picture: string): boolean => /^https?:\/\//i.test(picture) && URL.canParse(picture);

/** Finds a missing file before a server is started or anything is sent. */
export async function assertPicture(picture: string, words: Words): Promise<void> {
  if (isAddress(picture) || isId(picture) || (await isReadableFile(picture))) return;
  throw new CliError(words.usage.pictureMissing(picture), EXIT.usage);
}

/** Uploads a file, and has the server fetch a public address. A file comes before an id of the same name. */
export async function pictureRef(picture: string, connection: Connection, words: Words): Promise<string> {
  const { client, url } = connection;
  if (isAddress(picture))
    return isOfServer(picture, url)
      ? picture
      : (await client.call('uploadFromUrl', { body: { url: picture } })).id;
  if (isId(picture) && !(await isReadableFile(picture))) return picture;
  await assertPicture(picture, words);
  return upload(client, picture, words);
}

const isOfServer = (address: string, server: string): boolean =>
  new URL(address).href.startsWith(`${new URL(server).href.replace(/\/$/, '')}/`);
