import { backOffWindowMs } from './backoff.js';

/** Failures in a row, of anybody, that open the circuit: a single upload's bad luck does not stop the others. */
const FAILURES = 5;
/** A server that asks for more is asked again all the same: another one may have taken its place by then. */
const LONGEST_MS = 600_000;

/** Codes that say that the server is not there, or is not able to. */
const FAILED = new Set([
  'network', 'internal', 'catalog-unavailable', 'storage-unavailable', 'memory-critical', 'busy',
]);
/** Answers about this client or this one request, which prove neither that the server is well nor that it is not. */
const NEUTRAL = new Set([
  'draining', 'too-slow', 'disk-full', 'client-limit', 'superseded', 'checksum-mismatch', 'offline',
]);

/**
 * Keeps all uploads of a client from asking a server that is down: after five failures in a row nobody asks until a
 * back-off is over; then one request finds out for all.
 *
 * Each request takes a ticket and gives it back with succeeded(), failed() or left(). It has no timers: whoever waits
 * looks at `retryAt`. Times are in milliseconds.
 */
export class CircuitBreaker {
  #random;
  #state = 'closed';
  #failures = 0; // in a row, while closed
  #askedUntil = 0; // the latest time that the server named in that row
  #openings = 0; // in a row
  #era = 0; // goes up with each opening
  #retryAt = 0;
  #problem = null;
  #probe = null;

  /** @param {function(): number} random 0 to 1 */
  constructor(random) {
    this.#random = random;
  }

  /** `closed`, `open` or `probing`, as in LineStatus. */
  get state() {
    return this.#state;
  }

  /** While open: from when on one request may find out. Otherwise 0. */
  get retryAt() {
    return this.#state === 'open' ? this.#retryAt : 0;
  }

  /** What opened it; null while closed. */
  get problem() {
    return this.#problem;
  }

  /** Whether a request may go now. */
  admits(now) {
    return this.#state === 'closed' || (this.#state === 'open' && now >= this.#retryAt);
  }

  /** A ticket for a request that goes now, as admits() has allowed. The first one after the wait is the probe. */
  enter() {
    const ticket = { era: this.#era };
    if (this.#state === 'open') {
      this.#state = 'probing';
      this.#probe = ticket;
    }
    return ticket;
  }

  /** The server did what it was asked. */
  succeeded(ticket) {
    // Of a request from before the opening: an answer proves that the server can be reached again, but one admission
    // does not prove that an overloaded server takes more.
    if (this.#state !== 'closed' && ticket !== this.#probe && !this.#unreachable) return;
    this.#state = 'closed';
    this.#failures = 0;
    this.#askedUntil = 0;
    this.#openings = 0;
    this.#problem = null;
    this.#probe = null;
  }

  /**
   * The request came to nothing. Whether that says anything about the server, the problem decides.
   *
   * @param {object} ticket
   * @param {import('./problems.js').UploadProblem} problem
   * @param {number} now
   */
  failed(ticket, problem, now) {
    const verdict = verdictOf(problem);
    if (verdict === 'there') {
      this.succeeded(ticket);
    } else if (verdict === 'neutral') {
      this.left(ticket);
    } else if (ticket === this.#probe || (this.#state === 'closed' && ticket.era === this.#era)) {
      // A request that has hung since before the last opening tells of what is over.
      this.#count(problem, now);
    }
  }

  /** The request ended without a verdict. If it was the probe, the next one is. */
  left(ticket) {
    if (ticket !== this.#probe) return;
    this.#probe = null;
    this.#state = 'open';
  }

  /** The network is back: a wait that it caused is over. */
  online(now) {
    if (this.#state === 'open' && this.#unreachable) this.#retryAt = Math.min(this.#retryAt, now);
  }

  get #unreachable() {
    return this.#problem?.network === true;
  }

  #count(problem, now) {
    this.#failures++;
    this.#askedUntil = Math.max(this.#askedUntil, now + (problem.retryAfterMs ?? 0));
    if (this.#state === 'closed' && this.#failures < FAILURES) return;
    this.#openings++;
    this.#era++;
    // The whole window comes on top of what the server asks for, unlike after a single failure: a row of them shows
    // that its wish was too short.
    const waitMs = this.#askedUntil - now + this.#random() * backOffWindowMs(this.#openings);
    this.#retryAt = now + Math.min(LONGEST_MS, waitMs);
    this.#state = 'open';
    this.#problem = problem;
    this.#probe = null;
  }
}

/** `failed`; `there`: it answers, if only to refuse; or `neutral`. */
function verdictOf({ code, status = 0, retryable }) {
  // Without a reason from the server it is a gateway that cannot reach it, or one that will not have this request.
  if (code === 'http') return retryable ? 'failed' : 'neutral';
  if (FAILED.has(code)) return 'failed';
  if (NEUTRAL.has(code) || status === 0) return 'neutral';
  return status >= 500 ? 'failed' : 'there';
}
