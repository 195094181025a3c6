import { base64Of, crc32c } from './crc32c.js';

/** Every bound of the client, in one place. */
export const LIMITS = Object.freeze({
  chunksInFlight: 3,
  filesAtOnce: 2,
  attempts: 10, // in a row without the server having received anything new
  backOffMs: 1_000,
  longestBackOffMs: 30_000,
  longestRetryAfterMs: 600_000, // a server that asks for more is told to the reader instead
  stallMs: 90_000,
  pollMs: 2_000,
  polls: 900,
  readBytes: 1 << 20,
});

const BUSY = new Set(['starting', 'uploading', 'waiting', 'finishing']);
const UNDER_WAY = new Set(['FINISHING', 'PUBLISHING']);

/** Why something failed, in words for the reader of the page, and whether trying again can help. */
export class UploadProblem extends Error {
  constructor({ title, detail = '', code, status = 0, retryable = false, retryAfterMs = null }) {
    super(detail ? `${title}: ${detail}` : title);
    Object.assign(this, { title, detail, code, status, retryable, retryAfterMs });
  }

  /** The server no longer has the upload, so trying again means starting again. */
  get gone() {
    // A bare 404 may come from a proxy or a server that is being redeployed; it proves nothing.
    return this.code === 'gone' || ([404, 410].includes(this.status) && this.code !== 'http');
  }

  get network() {
    return this.code === 'network';
  }
}

export function networkProblem(detail = 'The server could not be reached. What it has received is kept.') {
  return new UploadProblem({ title: 'No connection', detail, code: 'network', retryable: true });
}

/** An answer that is not a success, as a problem: RFC 9457 when the server wrote it, else what can be told. */
export function problemOf({ status, type, text, retryAfter }, now) {
  const body = /^application\/problem\+json\b/i.test(type ?? '') ? parsed(text) : null;
  if (typeof body?.title !== 'string') {
    return new UploadProblem({
      title: `The server answered ${status}`,
      detail: 'It gave no reason. A proxy on the way may have answered in its place.',
      code: 'http',
      status,
      retryable: [502, 503, 504].includes(status),
      retryAfterMs: retryAfterMs(retryAfter, now),
    });
  }
  return new UploadProblem({
    title: body.title,
    detail: typeof body.detail === 'string' ? body.detail : '',
    code: String(body.code ?? 'unknown'),
    status,
    // Sending what is missing is the cure for an incomplete upload, whatever the answer says.
    retryable: body.retryable === true || body.code === 'upload-incomplete',
    retryAfterMs: retryAfterMs(retryAfter, now) ?? retryAfterMs(body.retryAfter, now),
  });
}

/** The wait a Retry-After asks for, in seconds or as a date; null when there is none. */
export function retryAfterMs(value, now) {
  const text = String(value ?? '').trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Number(text) * 1000;
  }
  const date = text ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/**
 * How long to stay away after the nth failure in a row: exponential with full jitter, so that clients which
 * failed together do not come back together; on top of the server's own wish when it has one.
 */
export function backOffMs(failures, askedMs, random) {
  const window = Math.min(LIMITS.longestBackOffMs, LIMITS.backOffMs * 2 ** (failures - 1));
  return askedMs === null ? random() * window : askedMs + random() * Math.min(window, LIMITS.backOffMs);
}

/** The numbered chunks that touch the missing ranges, each once, and how many of their bytes are missing. */
export function* chunksOf(missing, chunkSize, size) {
  let chunk = null;
  for (const [from, to] of missing) {
    for (let index = Math.floor(from / chunkSize); index * chunkSize < Math.min(to, size); index++) {
      const start = index * chunkSize;
      const end = Math.min(start + chunkSize, size);
      const bytes = Math.min(end, to) - Math.max(start, from);
      if (chunk?.index === index) {
        chunk.missing += bytes;
        continue;
      }
      if (chunk) yield chunk;
      chunk = { index, from: start, to: end, missing: bytes };
    }
  }
  if (chunk) yield chunk;
}

/** Bytes per second over the last few seconds. */
export class SpeedMeter {
  #samples = [];

  constructor(windowMs = 5_000) {
    this.windowMs = windowMs;
  }

  add(bytes, at) {
    if (at - (this.#samples.at(-1)?.at ?? -Infinity) < 200) return;
    this.#samples.push({ bytes, at });
    while (at - this.#samples[0].at > this.windowMs) this.#samples.shift();
  }

  rate(at) {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || first === last || at - last.at > this.windowMs) return 0;
    return Math.max(0, ((last.bytes - first.bytes) * 1000) / (at - first.at));
  }

  reset() {
    this.#samples = [];
  }
}

/** A random UUID. crypto.randomUUID would not do: browsers hide it on plain-HTTP pages. */
export function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** One request over XMLHttpRequest, the only way a browser tells the progress of a request body. */
export function xhrTransport({ method, url, headers = {}, body = null, onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    let why = null;
    let timer;
    const stillMoving = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        why = networkProblem(`Nothing has moved for ${LIMITS.stallMs / 1000} seconds.`);
        xhr.abort();
      }, LIMITS.stallMs);
    };
    const ended = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    xhr.open(method, url);
    xhr.setRequestHeader('Accept', 'application/json, application/problem+json');
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = ({ loaded }) => {
      stillMoving();
      onProgress?.(loaded);
    };
    xhr.onprogress = stillMoving;
    xhr.onloadend = ended;
    xhr.onerror = () => reject(networkProblem());
    xhr.onabort = () => reject(why ?? signal?.reason ?? networkProblem());
    xhr.onload = () =>
      resolve({
        status: xhr.status,
        type: xhr.getResponseHeader('Content-Type'),
        retryAfter: xhr.getResponseHeader('Retry-After'),
        text: xhr.responseText,
      });
    signal?.addEventListener('abort', abort);
    stillMoving();
    xhr.send(body);
  });
}

/** Waits, at most until the signal is aborted; an early end is not an error. */
export function sleep(ms, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve(clearTimeout(timer)), { once: true });
  });
}

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/**
 * One file on its way to the server, in slices: the file is never in memory as a whole. Owns its requests;
 * pause() and cancel() end them.
 *
 * States: queued, starting, uploading, waiting (for a next attempt), finishing, completed, paused, failed,
 * cancelling, cancelled. Events: "state" on every change of state, "progress" when bytes have moved.
 */
export class ChunkedUpload extends EventTarget {
  state = 'queued';
  id = null;
  problem = null; // why it is waiting or has failed
  retryAt = 0; // when waiting: the time of the next attempt
  failures = 0; // attempts in a row that got nowhere
  link = null; // the finished file
  crc32c = null; // of the finished file, as the server computed it

  #edge;
  #key;
  #current = null; // the server's last word on the upload; null when it must be asked again
  #received = 0;
  #mostReceived = 0;
  #inFlight = new Map(); // chunk index → bytes of it sent
  #run = new AbortController();
  #nap = new AbortController();
  #ended = Promise.resolve();

  constructor(file, { base = 'uploads', transport = xhrTransport, ...edge } = {}) {
    super();
    this.file = file;
    this.#edge = { base, transport, sleep, random: Math.random, now: Date.now, key: randomKey, ...edge };
    this.#key = this.#edge.key();
  }

  get busy() {
    return BUSY.has(this.state);
  }

  /** Bytes the server has or that are on their way. */
  get sentBytes() {
    let bytes = this.#received;
    for (const sent of this.#inFlight.values()) bytes += sent;
    return Math.min(bytes, this.file.size);
  }

  /** Makes a paused, failed or cancelled upload ready for start(). */
  enqueue() {
    if (['paused', 'failed', 'cancelled'].includes(this.state)) this.#become('queued');
  }

  start() {
    if (this.state !== 'queued') return;
    this.#become('starting');
    this.#run = new AbortController();
    const { signal } = this.#run;
    this.#current = null;
    this.failures = 0;
    // An earlier run may still be letting go of its last request; two at once would count bytes twice.
    this.#ended = this.#ended.then(() => this.#drive(signal));
  }

  /** Ends what is in flight. What the server has committed stays; enqueue() and start() go on from there. */
  pause() {
    if (!['queued', 'starting', 'uploading', 'waiting'].includes(this.state)) return;
    this.#become('paused');
    this.#stop();
  }

  /** Ends the upload here and on the server. */
  async cancel() {
    if (['finishing', 'completed', 'cancelling', 'cancelled'].includes(this.state)) return;
    this.#become('cancelling');
    this.#stop();
    await this.#ended;
    const problem = this.id ? await this.#discard() : null;
    if (problem && !problem.retryable) return this.#become('failed', problem);
    this.#startOver();
    this.#become('cancelled', problem);
  }

  /** The network is back: no need to sit out a wait that was only for its sake. */
  wake() {
    if (this.state === 'waiting' && this.problem.network) this.#nap.abort();
  }

  #stop() {
    this.#run.abort();
    this.#nap.abort();
  }

  #become(state, problem = null) {
    this.state = state;
    this.problem = problem;
    this.dispatchEvent(new Event('state'));
  }

  async #drive(signal) {
    try {
      while (!(await this.#round(signal)));
    } catch (error) {
      if (signal.aborted) return; // whoever aborted has set the state
      if (error.gone) this.#startOver();
      this.#become('failed', error);
    }
  }

  /** Learns what is missing, sends it, finishes; true when the file is complete, false to try again. */
  async #round(signal) {
    try {
      signal.throwIfAborted();
      this.#current ??= await this.#learn(signal);
      signal.throwIfAborted();
      await this.#sendMissing(signal);
      await this.#finish(signal);
      return true;
    } catch (error) {
      signal.throwIfAborted();
      const problem = error instanceof UploadProblem ? error : unexpected(error.message);
      this.failures++;
      this.#current = null;
      const tooLong = problem.retryAfterMs > LIMITS.longestRetryAfterMs;
      if (!problem.retryable || tooLong || this.failures >= LIMITS.attempts) throw problem;
      const wait = backOffMs(this.failures, problem.retryAfterMs, this.#edge.random);
      this.retryAt = this.#edge.now() + wait;
      this.#become('waiting', problem);
      await this.#rest(wait, signal);
      return false;
    }
  }

  async #learn(signal) {
    // Opening is not aborted: without its answer, an upload would stay on the server that nobody can cancel.
    const upload = this.id ? await this.#call('GET', this.#path(), { signal }) : await this.#open();
    if (typeof upload.id !== 'string' || !(upload.chunkSize > 0) || !Array.isArray(upload.missing)) {
      throw unexpected('Its answer does not describe an upload.');
    }
    this.id = upload.id;
    this.#received = upload.receivedBytes ?? 0;
    this.#mostReceived = Math.max(this.#mostReceived, this.#received);
    this.#progressed();
    // Only the repeated opening of an upload tells of its end like this; asking for it is answered by 410.
    if (['CANCELLED', 'EXPIRED'].includes(upload.state)) {
      const detail = 'It was cancelled there, or nothing was sent for too long.';
      throw new UploadProblem({ title: 'The server has ended this upload', detail, code: 'gone' });
    }
    return upload;
  }

  #open() {
    const { name, size, type } = this.file;
    const headers = { 'Idempotency-Key': this.#key };
    const json = { name, size, type: type || 'application/octet-stream' };
    return this.#call('POST', '', { headers, json });
  }

  async #sendMissing(signal) {
    const { missing, chunkSize } = this.#current;
    if (missing.length > 0) this.#become('uploading');
    const chunks = chunksOf(missing, chunkSize, this.file.size);
    const sendSome = async () => {
      // A throw in here closes the shared generator: the others finish their chunk and take no more.
      for (const chunk of chunks) await this.#sendChunk(chunk, signal);
    };
    const ends = await Promise.allSettled(Array.from({ length: LIMITS.chunksInFlight }, sendSome));
    const errors = ends.filter((end) => end.status === 'rejected').map((end) => end.reason);
    if (errors.length > 0) {
      // The most serious one decides: what cannot be retried, else the longest wait asked for.
      throw errors.find((error) => !error.retryable) ??
        errors.reduce((a, b) => (b.retryAfterMs > a.retryAfterMs ? b : a));
    }
  }

  async #sendChunk({ index, from, to, missing }, signal) {
    const slice = this.file.slice(from, to);
    const body = new FormData();
    body.append('index', String(index));
    body.append('checksum', `crc32c=${base64Of(await this.#crcOf(slice, signal))}`);
    body.append('chunk', slice, 'chunk');
    const onProgress = (loaded) => {
      this.#inFlight.set(index, Math.min(loaded, missing));
      this.#progressed();
    };
    try {
      const answer = await this.#call('POST', this.#path('/chunks'), { body, onProgress, signal });
      this.#received += missing;
      if (answer.receivedBytes > this.#mostReceived) {
        this.#mostReceived = answer.receivedBytes;
        this.failures = 0;
      }
    } finally {
      this.#inFlight.delete(index);
      this.#progressed();
    }
  }

  /** Reads piece by piece: memory stays small and the page responsive, however large the chunks are. */
  async #crcOf(slice, signal) {
    let crc = 0;
    for (let from = 0; from < slice.size; from += LIMITS.readBytes) {
      const piece = slice.slice(from, from + LIMITS.readBytes);
      const bytes = await piece.arrayBuffer().catch(() => {
        const detail = 'It was changed, moved or removed after you chose it. Choose it again.';
        throw new UploadProblem({ title: 'The file cannot be read', detail, code: 'unreadable' });
      });
      signal.throwIfAborted();
      crc = crc32c(new Uint8Array(bytes), crc);
    }
    return crc;
  }

  async #finish(signal) {
    this.#become('finishing');
    let upload = await this.#call('POST', this.#path('/finish'), { json: {}, signal });
    for (let polls = 0; UNDER_WAY.has(upload.state) && polls < LIMITS.polls; polls++) {
      await this.#rest(LIMITS.pollMs, signal);
      upload = await this.#call('GET', this.#path(), { signal });
    }
    if (upload.state !== 'COMPLETED') {
      const detail = upload.failure ?? `All bytes are there, but the upload is ${upload.state}.`;
      throw new UploadProblem({ title: 'The file could not be finished', detail, code: 'unfinished' });
    }
    this.link = upload.file ?? null;
    this.crc32c = upload.checksum?.crc32c ?? null;
    this.#received = this.file.size;
    this.#become('completed');
  }

  /** Tells the server; the answer is what stood in the way, or null. */
  async #discard() {
    const { signal } = new AbortController();
    for (let attempt = 1; ; attempt++) {
      try {
        await this.#call('DELETE', this.#path(), { signal });
        return null;
      } catch (problem) {
        if (problem.gone) return null;
        if (!problem.retryable || attempt >= 3) return problem;
        await this.#edge.sleep(backOffMs(attempt, null, this.#edge.random), signal);
      }
    }
  }

  #startOver() {
    this.id = null;
    this.#key = this.#edge.key();
    this.#received = 0;
    this.#mostReceived = 0;
    this.#progressed();
  }

  async #rest(ms, signal) {
    signal.throwIfAborted(); // a listener of the state just announced may have paused
    this.#nap = new AbortController();
    await this.#edge.sleep(ms, this.#nap.signal);
    signal.throwIfAborted();
  }

  #path(rest = '') {
    return `/${encodeURIComponent(this.id)}${rest}`;
  }

  #progressed() {
    this.dispatchEvent(new Event('progress'));
  }

  async #call(method, path, { json, headers = {}, body, onProgress, signal }) {
    signal?.throwIfAborted();
    const answer = await this.#edge.transport({
      method,
      url: this.#edge.base + path,
      headers: json ? { ...headers, 'Content-Type': 'application/json' } : headers,
      body: json ? JSON.stringify(json) : body,
      onProgress,
      signal,
    });
    signal?.throwIfAborted();
    if (answer.status < 200 || answer.status > 299) throw problemOf(answer, this.#edge.now());
    if (answer.status === 204) return null;
    const value = parsed(answer.text);
    if (value === null || typeof value !== 'object') {
      throw unexpected('Its answer is not JSON. You may have been signed out: reload the page.');
    }
    return value;
  }
}

function unexpected(detail) {
  return new UploadProblem({ title: 'The server gave an unexpected answer', detail, code: 'unexpected' });
}

/** Lets a few uploads run at once, in the order they were submitted. */
export class UploadLanes {
  #uploads = new Set();
  #limit;

  constructor(limit = LIMITS.filesAtOnce) {
    this.#limit = limit;
  }

  /** Queues an upload; also one that was paused, has failed or was cancelled. */
  submit(upload) {
    if (!this.#uploads.delete(upload)) {
      upload.addEventListener('state', () => this.#fill());
    }
    this.#uploads.add(upload);
    upload.enqueue();
    this.#fill();
  }

  forget(upload) {
    this.#uploads.delete(upload);
  }

  #fill() {
    let running = [...this.#uploads].filter((upload) => upload.busy).length;
    for (const upload of this.#uploads) {
      if (running >= this.#limit) return;
      if (upload.state !== 'queued') continue;
      running++;
      upload.start();
    }
  }
}
