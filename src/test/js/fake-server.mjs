import assert from 'node:assert/strict';
import { base64Of, crc32c } from '../../main/webapp/assets/client/crc32c.js';

/** An answer as the transport gives it. */
export function json(status, value, retryAfter = null) {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  return { status, type, retryAfter, text: value === undefined ? '' : JSON.stringify(value), sentMs: 10, answerMs: 1 };
}

/** A refusal as the server words it. */
export function problem(status, code, { retryable = false, detail = 'Because.', retryAfter = null, ...more } = {}) {
  return json(status, { title: code, code, detail, retryable, ...more }, retryAfter);
}

export const busy = (retryAfter = null) => problem(503, 'busy', { retryable: true, retryAfter });

/**
 * The server's side of the protocol in memory. `before` may answer or throw instead of it, `after` once it has done
 * what was asked: an answer that got lost.
 */
export class FakeServer {
  requests = [];
  uploads = new Map(); // id → upload
  keys = new Map(); // idempotency key → id
  chunkSize = 10;
  inFlight = 0;
  mostInFlight = 0;
  before = () => undefined;
  after = () => undefined;

  transport = async (request) => {
    const path = new URL(request.url).pathname.replace('/ctx/', '');
    const call = `${request.method} ${path}`;
    this.requests.push({ ...request, call });
    this.mostInFlight = Math.max(this.mostInFlight, ++this.inFlight);
    try {
      await new Promise((resolve) => setImmediate(resolve));
      request.signal?.throwIfAborted();
      const early = await this.before(call, request);
      if (early) return early;
      const answer = await this.#answer(request, path.split('/'));
      return (await this.after(call, request)) ?? answer;
    } finally {
      this.inFlight--;
    }
  };

  /** The first upload: most tests have one. */
  get upload() {
    return this.uploads.values().next().value;
  }

  async #answer({ method, body, headers }, [, id, what]) {
    if (!id) return this.#open(JSON.parse(body), headers['Idempotency-Key']);
    const upload = this.uploads.get(id);
    if (!upload) return problem(404, 'upload-not-found');
    if (['CANCELLED', 'EXPIRED'].includes(upload.state)) return problem(410, `upload-${upload.state.toLowerCase()}`);
    if (method === 'DELETE') {
      upload.state = 'CANCELLED';
      return json(204);
    }
    if (method === 'GET') return json(200, view(upload));
    return what === 'chunks' ? this.#receive(upload, body) : this.#finish(upload, JSON.parse(body));
  }

  #open(about, key) {
    if (!this.keys.has(key)) {
      const id = `u${this.uploads.size + 1}`;
      const chunkSize = Math.min(this.chunkSize, about.chunkSize);
      this.keys.set(key, id);
      this.uploads.set(id, { id, about, size: about.size, chunkSize, state: 'RECEIVING', bytes: new Map() });
    }
    return json(201, view(this.uploads.get(this.keys.get(key))));
  }

  async #receive(upload, form) {
    assert.deepEqual([...form.keys()], ['offset', 'length', 'checksum', 'chunk']);
    const bytes = new Uint8Array(await form.get('chunk').arrayBuffer());
    const from = Number(form.get('offset'));
    assert.equal(bytes.length, Number(form.get('length')));
    assert.ok(bytes.length <= upload.chunkSize && from + bytes.length <= upload.size);
    if (form.get('checksum') !== `crc32c=${base64Of(crc32c(bytes))}`) return problem(422, 'checksum-mismatch', { retryable: true });
    bytes.forEach((byte, i) => upload.bytes.set(from + i, byte));
    return json(200, { range: [from, from + bytes.length], receivedBytes: upload.bytes.size, duplicate: false });
  }

  #finish(upload, { checksum }) {
    const { missing } = view(upload);
    if (missing.length > 0) return problem(409, 'upload-incomplete', { missing });
    if (checksum && checksum.crc32c !== crcOf(upload)) return problem(422, 'checksum-mismatch', { retryable: true });
    upload.state = upload.publishes ? 'PUBLISHING' : 'COMPLETED';
    return json(upload.publishes ? 202 : 200, view(upload));
  }

  count(call) {
    return this.requests.filter((request) => request.call === call).length;
  }

  /** The content of an upload, as far as it has arrived. */
  content({ bytes, size } = this.upload) {
    return Uint8Array.from({ length: size }, (_, i) => bytes.get(i));
  }
}

function crcOf({ bytes, size }) {
  return base64Of(crc32c(Uint8Array.from({ length: size }, (_, i) => bytes.get(i))));
}

function view(upload) {
  const { id, size, chunkSize, state, bytes } = upload;
  const received = rangesOf(size, (i) => bytes.has(i));
  return {
    id, size, chunkSize, state, receivedBytes: bytes.size, received, missing: rangesOf(size, (i) => !bytes.has(i)),
    ...(state === 'COMPLETED' && { file: `/ctx/files/${id}`, checksum: { crc32c: crcOf(upload) } }),
  };
}

function rangesOf(size, belongs) {
  const ranges = [];
  for (let i = 0; i < size; i++) {
    if (!belongs(i)) continue;
    if (ranges.at(-1)?.[1] === i) ranges.at(-1)[1]++;
    else ranges.push([i, i + 1]);
  }
  return ranges;
}
