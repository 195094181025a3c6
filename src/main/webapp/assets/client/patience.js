import { backOffMs } from './backoff.js';

/** A server that asks to stay away for longer is told to the reader instead. */
const LONGEST_RETRY_AFTER_MS = 600_000;

/**
 * How long one upload goes on trying in vain, and how long it stays away each time. What counts is the time that it
 * has chosen to wait, not what a clock says: a computer that slept has not lost patience.
 */
export class Patience {
  failures = 0; // in a row, without the server having received anything new

  #mostMs;
  #random;
  #waitedMs = 0;

  /**
   * @param {number} mostMs how long it waits in all before it gives up
   * @param {() => number} random from 0 up to 1
   */
  constructor(mostMs, random) {
    this.#mostMs = mostMs;
    this.#random = random;
  }

  /** Something was received, or somebody wants it to try: it begins anew. */
  renew() {
    this.failures = 0;
    this.#waitedMs = 0;
  }

  /**
   * An attempt has failed.
   *
   * @param {import('./problems.js').UploadProblem} problem
   * @returns {number} milliseconds until the next attempt
   * @throws the problem, when another attempt is of no use
   */
  afterFailure(problem) {
    this.failures++;
    if (!problem.retryable || problem.retryAfterMs > LONGEST_RETRY_AFTER_MS || this.#waitedMs >= this.#mostMs) {
      throw problem;
    }
    const wait = backOffMs(this.failures, problem.retryAfterMs, this.#random);
    this.#waitedMs += wait;
    return wait;
  }

  /** It is kept waiting for so long; false when that is too much. */
  bears(ms) {
    this.#waitedMs += Math.max(0, ms);
    return this.#waitedMs < this.#mostMs;
  }
}
