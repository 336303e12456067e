import { type Caller, StudioError, type Upload } from '@limner/contract';
import { openRemotePicture } from './remote-picture.ts';
import type { Uploads } from './uploads.ts';

/** Fetches a picture from a user's URL and keeps it. @throws StudioError, also with the field `url` */
export async function uploadRemote(
  caller: Caller,
  uploads: Pick<Uploads, 'create' | 'maxFileSizeBytes'>,
  url: string,
): Promise<Upload> {
  const remote = await openRemotePicture(url, { limitBytes: uploads.maxFileSizeBytes });
  try {
    return await uploads.create(caller, remote.body, remote.name);
  } catch (error) {
    throw error instanceof StudioError ? error : remote.failed(error);
  } finally {
    await remote.close();
  }
}
