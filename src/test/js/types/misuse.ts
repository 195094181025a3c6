// What the declarations must not let through: a line marked with ts-expect-error that compiles is an error itself.
import {
  SpillwayClient,
  type SpillwayClientOptions,
  type Upload,
  type UploadState,
} from 'https://uploads.example.com/assets/client/spillway-client.js';

declare const client: SpillwayClient;
declare const upload: Upload;

// @ts-expect-error there is no such state
export const state: UploadState = 'done';

// @ts-expect-error a mistyped option is not ignored
export const options: SpillwayClientOptions = { endPoint: 'https://uploads.example.com/' };

// @ts-expect-error sizes are numbers of bytes
export const sizes: SpillwayClientOptions = { chunkBytes: { max: '8MiB' } };

// @ts-expect-error a path is no file: browsers give none
await client.add('/home/me/film.mov');

// @ts-expect-error metadata is text
await client.add(new File([], 'a'), { metadata: { rating: 5 } });

// @ts-expect-error the list is the client's own
client.uploads.push(upload);

// @ts-expect-error a state changes by what is done, not by hand
upload.state = 'paused';

// @ts-expect-error the link is not there before the end
export const link: string = upload.link;

// @ts-expect-error there is no such event
client.addEventListener('finished', () => {});
