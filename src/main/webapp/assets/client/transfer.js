import { FileDigest } from './digest.js';
import { Plan } from './plan.js';
import { UploadProblem, changedFile, unexpected } from './problems.js';

/** How much of what an earlier page has sent is read again at a time: chunks wait no longer than for this. */
const VERIFY_BYTES = 8 * 1024 * 1024;
/** How often a server that is still completing is asked: soon at first, then every so often. */
const FIRST_POLL_MS = 500;
const LONGEST_POLL_MS = 15_000;
/** Moving a terabyte on may take long, but not this long. */
const POLLS_MS = 24 * 3600 * 1000;

/** The server has all of it, and brings it to its end by itself. */
export const UNDER_WAY = new Set(['FINISHING', 'PUBLISHING']);
const ENDED = new Set(['CANCELLED', 'EXPIRED']);

/**
 * One file and its upload on the server: finds out what is missing there, sends it, proves that the whole is right,
 * completes it. Keeps what it has learnt from one attempt to the next. Only slices of the file are ever read.
 *
 * The checksum of the whole file goes along when it is completed. It is combined from those of the chunks; what an
 * earlier page has sent is read again for it, so that a file which has changed since is never taken for the same.
 */
export class Transfer {
  id;
  receivedBytes = 0;

  #file;
  #description;
  #key;
  #services;
  #tell;
  #digest;
  #onTheLine = new Map(); // first byte of a chunk → bytes of it sent

  /**
   * @param {object} what
   * @param {File} what.file
   * @param {object} what.description the upload as the server is told of it
   * @param {string} what.key the idempotency key of its opening
   * @param {string|null} what.id of the upload, when it has been opened before
   * @param {object} services api, checksums, parallel (the most chunks at once), edge
   * @param {{state: Function, waiting: Function, opened: Function, received: Function, progress: Function}} tell
   *   hears of it: of a new state, of a wait (see Line.enter), of the upload's id, of a chunk received, of bytes moving
   */
  constructor({ file, description, key, id }, services, tell) {
    this.id = id;
    this.#file = file;
    this.#description = description;
    this.#key = key;
    this.#services = services;
    this.#tell = tell;
    this.#digest = new FileDigest(file.size);
  }

  /** Bytes that the server has, and those on the line. */
  get sentBytes() {
    let bytes = this.receivedBytes;
    for (const sent of this.#onTheLine.values()) bytes += sent;
    return Math.min(bytes, this.#file.size);
  }

  /**
   * Does all that is left to do.
   *
   * @param {AbortSignal} signal
   * @param {boolean} again whether the server is asked once more to finish what it could not finish
   * @returns {Promise<{link: string|null, crc32c: string|null}>} the finished file
   * @throws UploadProblem, or the signal's reason
   */
  async attempt(signal, again = false) {
    const upload = await this.#learn(signal);
    if (upload.state === 'RECEIVING') {
      await this.#sendMissing(upload, signal);
      return this.#finish(signal);
    }
    if (upload.state === 'FAILED' && again) {
      return this.#completed(await this.#services.api.finish(this.id, null, this.#way(signal)), signal);
    }
    return this.#completed(upload, signal);
  }

  /** Asks the server where the upload stands, without telling anybody. */
  async look(signal) {
    const upload = await this.#services.api.look(this.id, { signal });
    this.receivedBytes = upload.receivedBytes ?? 0;
    return upload;
  }

  async #learn(signal) {
    const upload = this.id ? await this.#services.api.look(this.id, this.#way(signal)) : await this.#open(signal);
    if (typeof upload.id !== 'string' || !(upload.chunkSize > 0) || !Array.isArray(upload.missing)) {
      throw unexpected('Its answer does not describe an upload.');
    }
    this.receivedBytes = upload.receivedBytes ?? 0;
    this.#tell.progress();
    // Only the repeated opening of an upload tells of its end like this; asking for it is answered by 410.
    if (ENDED.has(upload.state)) {
      const detail = 'It was cancelled there, or nothing was sent for too long.';
      throw new UploadProblem({ title: 'The server has ended this upload', detail, code: 'gone' });
    }
    return upload;
  }

  async #open(signal) {
    const upload = await this.#services.api.open(this.#description, this.#key, this.#way(signal));
    this.id = upload.id;
    await this.#tell.opened(upload.id);
    return upload;
  }

  #way(signal) {
    return { signal, onWait: this.#tell.waiting };
  }

  async #sendMissing({ missing, received, chunkSize }, signal) {
    const { api, parallel } = this.#services;
    const plan = new Plan(missing);
    if (plan.left > 0) this.#tell.state('uploading');
    const stop = abortedWith(signal);
    const enough = abortedWith(stop.signal);
    const work = [this.#verify(received, stop.signal)];
    const ways = Math.min(parallel, Math.ceil(plan.left / api.nextChunkBytes(chunkSize)));
    for (let way = 0; way < ways; way++) work.push(this.#sendSome(plan, chunkSize, { signal, enough }));
    try {
      await allOrWorst(work, stop);
    } finally {
      enough.abort(ENOUGH);
      stop.abort(ENOUGH);
    }
  }

  /** One of several ways in parallel: takes a place on the line for each chunk, until nothing is left. */
  async #sendSome(plan, chunkSize, { signal, enough }) {
    const { api } = this.#services;
    while (plan.left > 0) {
      const pass = await api.place(this.#way(enough.signal)).catch(unlessEnough);
      if (!pass) return;
      try {
        const piece = plan.take(api.nextChunkBytes(chunkSize));
        if (plan.left === 0) enough.abort(ENOUGH); // the others wait for places that they no longer need
        if (piece) await this.#sendChunk(piece, { pass, signal });
      } finally {
        pass.leave();
      }
    }
  }

  async #sendChunk({ from, to }, { pass, signal }) {
    const { api, checksums } = this.#services;
    const slice = this.#file.slice(from, to);
    const crc = await checksums.crcOf(slice, signal);
    const onProgress = (loaded) => {
      this.#onTheLine.set(from, Math.min(loaded, slice.size));
      this.#tell.progress();
    };
    try {
      await api.chunk(this.id, { from, crc, slice }, { pass, onProgress, signal });
      this.receivedBytes += slice.size;
      this.#record(from, to, crc);
    } finally {
      this.#onTheLine.delete(from);
      this.#tell.progress();
    }
    this.#tell.received();
  }

  /** Reads what the server has from before, as far as it has not been summed up here. */
  async #verify(received, signal) {
    for (const [start, end] of common(received, this.#digest.gaps())) {
      for (let from = start; from < end; from += VERIFY_BYTES) {
        const to = Math.min(end, from + VERIFY_BYTES);
        this.#record(from, to, await this.#services.checksums.crcOf(this.#file.slice(from, to), signal));
      }
    }
  }

  #record(from, to, crc) {
    try {
      this.#digest.add(from, to, crc);
    } catch {
      // The server lost what it had, and the pieces fit together no more: all is summed up anew.
      this.#digest = new FileDigest(this.#file.size);
    }
  }

  async #finish(signal) {
    const { api } = this.#services;
    this.#tell.state('finishing');
    await this.#verify([[0, this.#file.size]], signal);
    try {
      return await this.#completed(await api.finish(this.id, this.#digest.whole(), this.#way(signal)), signal);
    } catch (problem) {
      throw problem.code === 'checksum-mismatch' ? changedFile() : problem;
    }
  }

  async #completed(upload, signal) {
    const { api, edge } = this.#services;
    let now = upload;
    let pause = FIRST_POLL_MS;
    this.#tell.state(now.state === 'PUBLISHING' ? 'publishing' : 'finishing');
    for (let waited = 0; UNDER_WAY.has(now.state) && waited < POLLS_MS; waited += pause) {
      pause = Math.min(LONGEST_POLL_MS, pause * 1.5);
      await edge.sleep(pause, signal);
      signal.throwIfAborted();
      now = await api.look(this.id, this.#way(signal));
      if (now.state === 'PUBLISHING') this.#tell.state('publishing');
    }
    if (now.state !== 'COMPLETED') {
      const detail = now.failure ?? `All bytes are there, but the upload is ${now.state}.`;
      throw new UploadProblem({ title: 'The file could not be finished', detail, code: 'unfinished' });
    }
    this.receivedBytes = this.#file.size;
    return { link: api.linkOf(now.file), crc32c: now.checksum?.crc32c ?? null };
  }
}

/** What two lists of ranges in ascending order have in common. */
export function common(some, others) {
  const ranges = [];
  for (const [from, to] of some) {
    for (const [start, end] of others) {
      if (Math.max(from, start) < Math.min(to, end)) ranges.push([Math.max(from, start), Math.min(to, end)]);
    }
  }
  return ranges;
}

/** Why a wait for a place ends that is not needed any more. */
const ENOUGH = Symbol('enough');

function unlessEnough(reason) {
  if (reason !== ENOUGH) throw reason;
  return null;
}

/** A controller that is aborted when a signal is, or by itself before. Abort it in the end: it listens until then. */
function abortedWith(signal) {
  const controller = new AbortController();
  const abort = () => controller.abort(signal.reason);
  if (signal.aborted) abort();
  signal.addEventListener('abort', abort, { signal: controller.signal });
  return controller;
}

/** Waits for all. The first failure stops the others; the one that nobody can mend is thrown, or the longest wait. */
async function allOrWorst(work, stop) {
  const orStop = (error) => {
    stop.abort(error);
    throw error;
  };
  const ends = await Promise.allSettled(work.map((way) => way.catch(orStop)));
  const errors = ends.filter((end) => end.status === 'rejected').map((end) => end.reason);
  if (errors.length === 0) return;
  throw errors.find((error) => !error.retryable) ??
    errors.reduce((a, b) => ((b.retryAfterMs ?? 0) > (a.retryAfterMs ?? 0) ? b : a));
}
