// A site's code that uses all of the client's API. It is compiled, never run: what does not compile here does not
// compile for an embedder.
import {
  SpillwayClient,
  UploadProblem,
  type AddOptions,
  type LineStatus,
  type SpillwayClientOptions,
  type Upload,
  type UploadState,
} from 'https://uploads.example.com/assets/client/spillway-client.js';

declare function token(): Promise<string>;
declare function show(text: string): void;

const everything: SpillwayClientOptions = {
  endpoint: new URL('https://uploads.example.com/spillway/'),
  headers: async () => ({ Authorization: `Bearer ${await token()}` }),
  withCredentials: true,
  filesAtOnce: 2,
  parallel: { max: 4 },
  chunkBytes: { min: 256 * 1024, max: 8 * 1024 * 1024, start: 1024 * 1024 },
  pauseBetweenChunksMs: 100,
  patienceMs: 60_000,
  remember: false,
};

/** Every state has a word, and no word is of a state that does not exist. */
const words: Record<UploadState, string> = {
  queued: 'Queued',
  starting: 'Starting',
  uploading: 'Uploading',
  waiting: 'Waiting',
  elsewhere: 'In another tab',
  finishing: 'Finishing',
  publishing: 'Being stored',
  completed: 'Completed',
  paused: 'Paused',
  'needs-file': 'Needs the file',
  failed: 'Failed',
  cancelling: 'Cancelling',
  cancelled: 'Cancelled',
};

function clients(): SpillwayClient[] {
  return [
    new SpillwayClient(),
    new SpillwayClient({ endpoint: 'https://uploads.example.com/', headers: { 'X-Tenant': 'a' } }),
    new SpillwayClient({ headers: () => ({}) }),
    new SpillwayClient(everything),
  ];
}

function listen(client: SpillwayClient): void {
  client.addEventListener('added', (event) => describe(event.detail));
  client.addEventListener('change', ({ detail }) => show(words[detail.state]), { once: true });
  client.addEventListener('line', () => showLine(client.line));
}

function showLine({ circuit, retryAt, online, inFlight, limit, chunkBytes }: LineStatus): void {
  const open: boolean = circuit === 'open' || circuit === 'probing' || circuit !== 'closed';
  show(`${open} ${new Date(retryAt).toISOString()} ${online} ${inFlight}/${limit} ${chunkBytes.toFixed()}`);
}

function describe(upload: Upload): void {
  upload.addEventListener('progress', () => show(`${upload.sentBytes} of ${upload.size}`));
  upload.addEventListener('state', (event: Event) => show(event.type));
  const left: number | null = upload.timeLeft;
  const known: [string | null, string | null, string | null] = [upload.id, upload.link, upload.crc32c];
  show(`${upload.name} ${upload.path} ${upload.metadata['album'] ?? ''} ${upload.speed} ${left} ${known.join()}`);
  show(`${upload.receivedBytes} ${upload.failures} ${upload.retryAt} ${upload.canAskForFile}`);
  if (upload.problem) explain(upload.problem);
}

function explain(problem: UploadProblem): void {
  const error: Error = problem;
  const after: number = problem.retryAfterMs ?? 0;
  show(`${problem.title} ${problem.detail} ${problem.code} ${problem.status} ${after} ${error.message}`);
  if (problem.gone || !problem.retryable) show('from the beginning');
}

async function control(client: SpillwayClient, upload: Upload): Promise<void> {
  upload.pause();
  await upload.resume();
  upload.retry();
  await upload.cancel();
  client.pauseAll();
  await client.resumeAll();
  client.retryAll();
  await client.cancelAll();
  client.clear();
  client.close();
}

/** From a file input to the address of the finished file. */
export async function send(input: HTMLInputElement, handle: FileSystemFileHandle): Promise<string | null> {
  const client = clients()[0] ?? new SpillwayClient();
  listen(client);
  const unfinished: readonly Upload[] = await client.restore();
  const options: AddOptions = { metadata: { album: 'summer' }, handle, path: 'photos/a.jpg' };
  const added = await Promise.all(Array.from(input.files ?? [], (file) => client.add(file)));
  added.push(await client.add(await handle.getFile(), options));
  try {
    const [first] = await Promise.all([...added, ...unfinished].map((upload) => upload.done));
    return first?.link ?? null;
  } catch (error) {
    if (error instanceof UploadProblem) explain(error);
    const [one] = client.uploads;
    if (one) await control(client, one);
    return null;
  }
}
