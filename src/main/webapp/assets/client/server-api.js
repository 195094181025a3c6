import { base64Of } from './crc32c.js';
import { UploadProblem, parsed, problemOf, unexpected } from './problems.js';

/** No proxy that takes uploads at all refuses bodies of this size. */
const SMALLEST_CHUNK = 64 * 1024;

/**
 * The calls of the server's HTTP API (docs/api.md), each of which waits for the line to let it through and tells it
 * how it went. Shared by all uploads of a client; keeps nothing of any of them.
 *
 * Each call gets `{ signal, onWait }` as its last argument: what ends it, and who is told why it has to wait (see
 * Line.enter). It throws UploadProblem, or the signal's reason.
 */
export class ServerApi {
  #endpoint;
  #line;
  #edge;
  #headers;
  #withCredentials;
  #mostBytes = Infinity;

  /**
   * @param {object} options
   * @param {URL} options.endpoint the server's address with its context path, ending in a slash
   * @param {import('./line.js').Line} options.line
   * @param {object|Function} options.headers sent with every request; a function is asked each time
   * @param {{transport: Function, now: Function}} options.edge
   */
  constructor({ endpoint, line, headers = {}, withCredentials = false, edge }) {
    this.#endpoint = endpoint;
    this.#line = line;
    this.#headers = headers;
    this.#withCredentials = withCredentials;
    this.#edge = edge;
  }

  /**
   * Opens an upload. The same key gives the same upload again, so that a lost answer does not make two. Once asked, it
   * is not aborted: without its answer, an upload would stay on the server that nobody can cancel.
   */
  open(description, key, way) {
    const headers = { 'Idempotency-Key': key };
    return this.#through(way, { method: 'POST', path: 'uploads', json: description, headers, unstoppable: true });
  }

  /** What the server knows of an upload. */
  look(id, way) {
    return this.#through(way, { method: 'GET', path: pathOf(id) });
  }

  /** Completes an upload. @param {number|null} crc CRC32C of the whole file, which the server compares; null not to */
  finish(id, crc, way) {
    const json = crc === null ? {} : { checksum: { crc32c: base64Of(crc) } };
    return this.#through(way, { method: 'POST', path: pathOf(id, '/finish'), json });
  }

  /** Ends an upload and frees the server's disk. */
  cancel(id, way) {
    return this.#through(way, { method: 'DELETE', path: pathOf(id) });
  }

  /** The address of a finished file, if the path that the server gives is one of its own; null otherwise. */
  linkOf(path) {
    if (typeof path !== 'string') return null;
    const url = new URL(path, this.#endpoint);
    return url.origin === this.#endpoint.origin ? url.href : null;
  }

  /** How long the next chunk should be, when the upload takes none longer than `most`. */
  nextChunkBytes(most) {
    return this.#line.nextChunkBytes(Math.min(most, this.#mostBytes));
  }

  /** Waits for a place among the chunks on the line. The caller calls leave() on what it gets. */
  place(way) {
    return this.#line.enter({ ...way, chunk: true });
  }

  /**
   * Sends one chunk from a place on the line.
   *
   * @param {string} id of the upload
   * @param {{from: number, crc: number, slice: Blob}} chunk
   * @param {{pass: object, onProgress: Function, signal: AbortSignal}} how
   */
  async chunk(id, { from, crc, slice }, { pass, onProgress, signal }) {
    const body = new FormData();
    // Fields first: then the server writes the bytes straight to their place.
    body.append('offset', String(from));
    body.append('length', String(slice.size));
    body.append('checksum', `crc32c=${base64Of(crc)}`);
    body.append('chunk', slice, 'chunk');
    const bytes = slice.size;
    try {
      return await this.#told(pass, { method: 'POST', path: pathOf(id, '/chunks'), body, bytes, onProgress, signal });
    } catch (problem) {
      throw this.#smaller(problem, bytes);
    }
  }

  /** Proxies have limits of their own for bodies, and no way to name them: half the size is tried. */
  #smaller(problem, bytes) {
    if (problem.status !== 413 || problem.code !== 'http' || bytes <= SMALLEST_CHUNK) return problem;
    this.#mostBytes = Math.min(this.#mostBytes, Math.max(SMALLEST_CHUNK, Math.floor(bytes / 2)));
    const { title, code, status } = problem;
    const detail = 'Something on the way takes no chunks of this size. Smaller ones are tried.';
    return new UploadProblem({ title, detail, code, status, retryable: true, retryAfterMs: 0 });
  }

  async #through({ signal, onWait }, request) {
    const pass = await this.#line.enter({ signal, onWait, chunk: false });
    try {
      return await this.#told(pass, { ...request, signal: request.unstoppable ? undefined : signal });
    } finally {
      pass.leave();
    }
  }

  /** Asks, and tells the line how it went. */
  async #told(pass, request) {
    const { bytes = 0, signal } = request;
    try {
      const { value, sentMs, answerMs } = await this.#ask(request);
      pass.succeeded({ bytes, sentMs, answerMs });
      return value;
    } catch (error) {
      signal?.throwIfAborted();
      const problem = error instanceof UploadProblem ? error : unexpected(error.message);
      pass.failed(problem, { bytes });
      throw problem;
    }
  }

  async #ask({ method, path, json, headers = {}, body, onProgress, signal }) {
    const own = typeof this.#headers === 'function' ? await this.#headers() : this.#headers;
    const type = json ? { 'Content-Type': 'application/json' } : {};
    const answer = await this.#edge.transport({
      method,
      url: new URL(path, this.#endpoint).href,
      headers: { ...own, ...headers, ...type },
      body: json ? JSON.stringify(json) : body,
      withCredentials: this.#withCredentials,
      onProgress,
      signal,
    });
    if (answer.status < 200 || answer.status > 299) throw problemOf(answer, this.#edge.now());
    return { value: answer.status === 204 ? null : objectOf(answer.text), ...answer };
  }
}

function pathOf(id, rest = '') {
  return `uploads/${encodeURIComponent(id)}${rest}`;
}

function objectOf(text) {
  const value = parsed(text);
  if (value === null || typeof value !== 'object') {
    throw unexpected('Its answer is not JSON. You may have been signed out: reload the page.');
  }
  return value;
}
