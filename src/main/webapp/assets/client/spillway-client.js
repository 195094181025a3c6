import { Checksums } from './checksums.js';
import { Line } from './line.js';
import { UploadProblem } from './problems.js';
import { Remembered, keyOf } from './remembered.js';
import { ServerApi } from './server-api.js';
import { taken } from './tabs.js';
import { xhrTransport } from './transport.js';
import { Upload } from './upload.js';
import { sleep } from './waits.js';

export { Upload, UploadProblem };

const KIB = 1024;
const MIB = 1024 * KIB;
const PARALLEL = { min: 1, max: 6, start: 3 }; // browsers open six connections to a server (HTTP/1.1)
const CHUNK_BYTES = { min: 256 * KIB, max: 64 * MIB, start: MIB }; // 1 MiB: ten seconds on the slowest of lines
const PATIENCE_MS = 15 * 60_000;
const DAY_MS = 24 * 3600 * 1000;
/** How many remembered uploads are asked for at once, and how long a page waits for that when it starts. */
const LOOKS = 2;
const LOOK_MS = 10_000;

/** What an address of this module looks like where a Spillway serves it. */
const SERVED = /^(https?:.*\/)assets\/(?:[0-9a-f]{12}\/)?client\/[^/]*$/;

/** All uploads of a page to one server. Described in spillway-client.d.ts. */
export class SpillwayClient extends EventTarget {
  #endpoint;
  #filesAtOnce;
  #edge;
  #line;
  #services;
  #remembered;
  #uploads = new Set();
  #queued = new Set();
  #busy = new Set();
  #adding = new Map(); // key → the addition that is under way
  #unlisten;

  constructor(options = {}) {
    super();
    this.#endpoint = endpointOf(options.endpoint);
    this.#filesAtOnce = options.filesAtOnce ?? 4;
    this.#edge = { ...browserEdge(), ...options.edge };
    const parallel = { ...PARALLEL, ...options.parallel };
    const chunkBytes = { ...CHUNK_BYTES, ...options.chunkBytes };
    const { pauseBetweenChunksMs = 0, headers, withCredentials } = options;
    this.#line = new Line({ parallel, chunkBytes, pauseBetweenChunksMs, edge: this.#edge });
    this.#remembered = this.#open(options.remember ?? true);
    this.#services = {
      api: new ServerApi({ endpoint: this.#endpoint, line: this.#line, headers, withCredentials, edge: this.#edge }),
      checksums: options.edge?.checksums ?? new Checksums(),
      remembered: new Later(this.#remembered),
      parallel: parallel.max,
      chunkBytes: chunkBytes.max,
      patienceMs: options.patienceMs ?? PATIENCE_MS,
      locks: this.#edge.locks,
      edge: this.#edge,
    };
    this.#line.addEventListener('change', () => this.dispatchEvent(new Event('line')));
    this.#unlisten = this.#edge.onOnline(() => this.#uploads.forEach((upload) => upload.wake()));
  }

  async #open(remember) {
    return this.#edge.remembered ?? Remembered.open({ indexedDB: remember ? globalThis.indexedDB : null });
  }

  get uploads() {
    return [...this.#uploads];
  }

  get line() {
    return this.#line.status;
  }

  add(file, { metadata = {}, handle = null, path = file.webkitRelativePath || file.name } = {}) {
    const { name, size, type, lastModified } = file;
    const key = keyOf({ endpoint: this.#endpoint.href, path, size, lastModified });
    const about = { key, name, size, type, lastModified, path, metadata, handle };
    // One after the other: the same file twice at a time must still be one upload.
    const before = this.#adding.get(key) ?? Promise.resolve();
    const adding = before.then(() => this.#add(file, about));
    this.#adding.set(key, adding);
    return adding.finally(() => this.#adding.get(key) === adding && this.#adding.delete(key));
  }

  async #add(file, about) {
    const same = [...this.#uploads].find((upload) => upload.key === about.key && !upload.over);
    if (same) {
      same.attach(file, about.handle);
      return same;
    }
    const old = await (await this.#remembered).get(about.key);
    const record = old && !old.ended ? { ...old, handle: about.handle ?? old.handle } : this.#newRecord(about);
    this.#services.remembered.put(record);
    return this.#take(new Upload(record, file, this.#services));
  }

  #newRecord(about) {
    const now = this.#edge.now();
    const idempotencyKey = this.#edge.key();
    const times = { createdAt: now, touchedAt: now };
    return { ...about, ...times, endpoint: this.#endpoint.href, id: null, idempotencyKey, paused: false, ended: false };
  }

  async restore() {
    const records = await (await this.#remembered).all(this.#endpoint.href);
    this.#forgetEnded(records);
    const elsewhere = await taken(this.#edge.locks);
    const known = new Set(this.uploads.map((upload) => upload.key));
    const wanted = records.filter(({ key, ended }) => !ended && !elsewhere.has(key) && !known.has(key));
    const uploads = wanted.map((record) => this.#take(new Upload(record, null, this.#services)));
    const restored = Promise.all(uploads.map((upload) => upload.askQuietly()));
    await Promise.all([restored, this.#lookAt(uploads)]);
    return uploads;
  }

  /** Those that ended well are kept for a while, because another tab may be waiting to hear of it. */
  #forgetEnded(records) {
    const yesterday = this.#edge.now() - DAY_MS;
    for (const { key, ended, touchedAt } of records) {
      if (ended && touchedAt < yesterday) this.#services.remembered.delete(key);
    }
  }

  /** Asks the server what became of them; one that does not answer soon is no reason to wait. */
  async #lookAt(uploads) {
    const stop = new AbortController();
    const enough = this.#edge.sleep(LOOK_MS, stop.signal).then(() => stop.abort());
    const waiting = uploads.filter(({ id, state }) => id && state === 'needs-file').values();
    const looks = Array.from({ length: LOOKS }, async () => {
      for (const upload of waiting) await upload.look(stop.signal);
    });
    await Promise.race([Promise.all(looks), enough]);
    stop.abort();
  }

  pauseAll() {
    this.#uploads.forEach((upload) => upload.pause());
  }

  async resumeAll() {
    await Promise.all(this.uploads.map((upload) => upload.resume()));
  }

  retryAll() {
    for (const upload of this.#uploads) {
      if (upload.state === 'failed') upload.retry();
    }
  }

  async cancelAll() {
    await Promise.all(this.uploads.map((upload) => upload.cancel()));
  }

  clear() {
    for (const upload of this.#uploads) {
      if (upload.over) this.#uploads.delete(upload);
    }
  }

  close() {
    this.#uploads.forEach((upload) => upload.suspend());
    this.#unlisten();
    this.#line.close();
    this.#services.checksums.close();
    this.#remembered.then((remembered) => remembered.close());
  }

  #take(upload) {
    this.#uploads.add(upload);
    upload.addEventListener('state', () => this.#changed(upload));
    this.dispatchEvent(new CustomEvent('added', { detail: upload }));
    this.#changed(upload);
    return upload;
  }

  #changed(upload) {
    sort(this.#queued, upload, upload.state === 'queued');
    sort(this.#busy, upload, upload.busy);
    this.dispatchEvent(new CustomEvent('change', { detail: upload }));
    this.#fill();
  }

  #fill() {
    for (const upload of this.#queued) {
      if (this.#busy.size >= this.#filesAtOnce) return;
      upload.begin();
    }
  }
}

function sort(set, upload, belongs) {
  if (belongs) set.add(upload);
  else set.delete(upload);
}

/** The database while it is still being opened. */
class Later {
  #opening;

  constructor(opening) {
    this.#opening = opening;
  }

  async get(key) {
    return (await this.#opening).get(key);
  }

  async put(record) {
    return (await this.#opening).put(record);
  }

  async delete(key) {
    return (await this.#opening).delete(key);
  }
}

/** @throws TypeError when the server cannot be told from where this module came from */
function endpointOf(given) {
  if (given) {
    const url = new URL(given, globalThis.document?.baseURI);
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    return url;
  }
  const served = SERVED.exec(import.meta.url);
  if (!served) throw new TypeError('endpoint is needed: this module does not come from a Spillway server');
  return new URL(served[1]);
}

/** What of the world the client meets, as a browser has it. */
function browserEdge() {
  return {
    now: () => Date.now(),
    random: () => Math.random(),
    key: randomKey,
    sleep,
    transport: xhrTransport,
    locks: globalThis.navigator?.locks,
    // Only "offline" is sure; "online" may still mean a network that leads nowhere.
    online: () => globalThis.navigator?.onLine !== false,
    onOnline: (listener) => {
      const stop = new AbortController();
      for (const type of ['online', 'offline']) globalThis.addEventListener?.(type, listener, { signal: stop.signal });
      return () => stop.abort();
    },
  };
}

/** A random UUID. crypto.randomUUID would not do: browsers hide it on plain-HTTP pages. */
function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
