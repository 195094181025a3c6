import { Alarm } from './alarm.js';
import { ChunkSizer } from './chunk-size.js';
import { CircuitBreaker } from './circuit.js';
import { AdaptiveLimit } from './parallelism.js';
import { Pass } from './pass.js';
import { UploadProblem } from './problems.js';

/** How often those who wait for the network look for themselves: not every browser says each time that it is back. */
const LOOK_MS = 5_000;

/** How often `change` tells of figures that nobody has to act on. A page shows no more than a few of them a second. */
const CALM_MS = 250;

/** Problems with a chunk that fewer at once may cure. */
const LOAD = new Set(['busy', 'client-limit', 'memory-critical', 'too-slow', 'network']);
/** And so says a proxy, in numbers alone (RFC 6585, 4; RFC 9110, 15.6.4). */
const LOAD_STATUS = new Set([429, 503]);
/** Problems with a chunk that a shorter one may get around; `http` may be a proxy that takes no long bodies. */
const LOST = new Set(['network', 'too-slow', 'checksum-mismatch', 'http']);

/**
 * The way to one server, shared by all uploads of a client: it alone decides when a request may go, and learns from
 * how each one went. Requests wait here in the order in which they came, for the network, the circuit, and (those with
 * a chunk) a place among the few that may be under way at once.
 *
 * Owned and closed by the client. Event `change`: `status` is another one; figures alone at most four times a second.
 */
export class Line extends EventTarget {
  #edge;
  #circuit;
  #parallel;
  #sizer;
  #pauseMs;
  #waiting = new Set(); // in the order of their coming
  #inFlight = 0; // chunks
  #rests = []; // when places that rest after their chunk are free again, ascending
  #alarm;
  #online = true; // at the last look
  #offline = offline();
  #told;
  #toldAt = 0;
  #ended = null; // why it takes no more
  #forgetOnline;

  /**
   * @param {object} options
   * @param {{min: number, max: number, start: number}} options.parallel chunks at once
   * @param {{min: number, max: number, start: number}} options.chunkBytes
   * @param {number} options.pauseBetweenChunksMs how long a place rests after each chunk
   * @param {object} options.edge now(): milliseconds since 1970; random(): 0 to 1; sleep(ms, signal), which ends early
   *   and without error when aborted; online(); onOnline(listener), which returns what forgets the listener
   * @throws RangeError for bounds that are no whole numbers from 1
   */
  constructor({ parallel, chunkBytes, pauseBetweenChunksMs = 0, edge }) {
    super();
    this.#edge = edge;
    this.#alarm = new Alarm(edge, () => this.#review());
    this.#circuit = new CircuitBreaker(edge.random);
    this.#parallel = new AdaptiveLimit(parallel);
    this.#sizer = new ChunkSizer(chunkBytes);
    this.#pauseMs = pauseBetweenChunksMs;
    this.#told = this.status;
    this.#forgetOnline = edge.onOnline(() => {
      this.#online = false; // it was, or nobody would say that it is back
      this.#review();
    });
  }

  /**
   * Waits until a request may go.
   *
   * @param {object} way
   * @param {AbortSignal} [way.signal] ends the wait
   * @param {boolean} [way.chunk] whether it carries a chunk and needs a place
   * @param {function({problem: UploadProblem, until: number}|null): void} [way.onWait] hears what it waits for: of
   *   `offline` or of what opened the circuit, until when (milliseconds since 1970, 0 when not known), again when that
   *   changes, and null when it is over or only a place is missing
   * @returns {Promise<Pass>} whoever gets it calls its leave() in the end, aborted or not
   * @throws the signal's reason; a DOMException `AbortError` when the line is closed
   */
  enter({ signal, chunk = false, onWait } = {}) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted || this.#ended) {
        reject(signal?.aborted ? signal.reason : this.#ended);
        return;
      }
      const end = (settle, value) => {
        signal?.removeEventListener('abort', abort);
        this.#waiting.delete(waiter);
        settle(value);
      };
      const abort = () => {
        end(reject, signal.reason);
        this.#review(); // nobody else may need the alarm
      };
      const waiter = {
        chunk,
        onWait,
        hindrance: null,
        admit: (pass) => end(resolve, pass),
        refuse: (reason) => end(reject, reason),
      };
      signal?.addEventListener('abort', abort);
      this.#waiting.add(waiter);
      this.#review();
    });
  }

  /** How long the next chunk should be, from 1 to `most` bytes: a multiple of 64 KiB, unless `most` is less. */
  nextChunkBytes(most = Infinity) {
    return this.#sizer.next(most);
  }

  /** LineStatus of spillway-client.d.ts. */
  get status() {
    return {
      circuit: this.#circuit.state,
      retryAt: this.#circuit.retryAt,
      online: this.#edge.online(),
      inFlight: this.#inFlight,
      limit: this.#parallel.limit,
      chunkBytes: this.#sizer.next(),
    };
  }

  /** Lets go of its timer and its listener; those who wait are refused. Requests under way may still end. */
  close() {
    this.#ended ??= new DOMException('The client was closed.', 'AbortError');
    this.#forgetOnline();
    for (const waiter of this.#waiting) waiter.refuse(this.#ended);
    this.#alarm.close();
  }

  /** Lets in who may go, tells the others what they wait for, and sleeps until that may change by itself. */
  #review() {
    const now = this.#alarm.now;
    while (this.#rests[0] <= now) this.#rests.shift();
    const wasOnline = this.#online;
    this.#online = this.#edge.online();
    if (this.#online && !wasOnline) this.#circuit.online(now);
    for (const waiter of this.#waiting) {
      this.#inform(waiter);
      // Those who are told may abort, or let others in: everything is looked at afresh.
      if (this.#waiting.has(waiter) && !this.#hindrance() && this.#hasPlaceFor(waiter)) this.#admit(waiter);
    }
    this.#tell();
    if (!this.#ended) this.#alarm.set(this.#nextChange()); // a listener may have closed it
  }

  /** What keeps everybody from going, or null. */
  #hindrance() {
    if (!this.#online) return { problem: this.#offline, until: 0 };
    if (this.#circuit.admits(this.#alarm.now)) return null;
    return { problem: this.#circuit.problem, until: this.#circuit.retryAt };
  }

  #hasPlaceFor({ chunk }) {
    return !chunk || this.#inFlight + this.#rests.length < this.#parallel.limit;
  }

  #inform(waiter) {
    const next = this.#hindrance();
    const last = waiter.hindrance;
    if (next?.problem === last?.problem && next?.until === last?.until) return;
    waiter.hindrance = next;
    try {
      waiter.onWait?.(next);
    } catch (error) {
      waiter.refuse(error); // its own mistake must not stop the others
    }
  }

  #admit(waiter) {
    const ticket = this.#circuit.enter();
    if (waiter.chunk) this.#inFlight++;
    const number = waiter.chunk ? this.#parallel.sent(this.#inFlight) : null;
    waiter.admit(new Pass((verdict) => this.#ends(ticket, number, verdict)));
  }

  /** A request has ended. Those with a chunk have a number. */
  #ends(ticket, number, { measures, problem, bytes }) {
    const now = this.#alarm.now;
    if (measures) this.#circuit.succeeded(ticket);
    else if (problem) this.#circuit.failed(ticket, problem, now);
    else this.#circuit.left(ticket);
    if (number !== null) {
      this.#inFlight--;
      this.#rests.push(now + this.#pauseMs);
      if (measures) {
        this.#sizer.arrived(measures);
        this.#parallel.succeeded(number, measures, now);
      } else if (problem) {
        if (LOST.has(problem.code)) this.#sizer.lost(bytes);
        if (LOAD.has(problem.code) || (problem.code === 'http' && LOAD_STATUS.has(problem.status))) this.#parallel.failed(number);
      }
    }
    this.#review();
  }

  /** When something changes that nobody tells of. */
  #nextChange() {
    const now = this.#alarm.now;
    const times = [];
    if (!sameFigures(this.status, this.#told)) times.push(this.#toldAt + CALM_MS);
    if (this.#waiting.size > 0) {
      times.push(this.#circuit.retryAt, ...this.#rests.slice(0, 1), this.#online ? 0 : now + LOOK_MS);
    }
    return Math.min(Infinity, ...times.filter((at) => at > now));
  }

  #tell() {
    const { status } = this;
    const now = this.#alarm.now;
    const grave = ['circuit', 'retryAt', 'online', 'limit'].some((name) => status[name] !== this.#told[name]);
    if (!grave && (sameFigures(status, this.#told) || now < this.#toldAt + CALM_MS)) return;
    this.#told = status;
    this.#toldAt = now;
    this.dispatchEvent(new Event('change'));
  }
}

function sameFigures(some, others) {
  return some.inFlight === others.inFlight && some.chunkBytes === others.chunkBytes;
}

function offline() {
  return new UploadProblem({
    title: 'Offline',
    detail: 'This device has no network. It goes on by itself when the network is back.',
    code: 'offline',
    retryable: true,
  });
}
