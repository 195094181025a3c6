import { boundsOf } from './bounds.js';

/** The fewest answers that decide: among three, one that is late for reasons of its own is outvoted. */
const WINDOW = 3;
/** What is bearable: twice the shortest answer. Beyond, more wait there than are served (so in Netflix's Gradient2). */
const FACTOR = 2;
/** And so much on top: 5 ms instead of 1 ms are no queue, and a collection or a slow fsync costs as much. */
const SLACK_MS = 100;
/** One answer counts for at most twice the bearable: with two good ones, which count for half, it does not tip it. */
const STRAIN_CAP = 2;
/** For how long a shortest answer is believed: a passing crowd is waited out, another network is known in a minute. */
const MEMORY_MS = 60_000;
/** Windows of success before a limit that was too much is tried again: 24 requests at first, then up to 200. */
const PATIENCE = 8;
const LONGEST_PATIENCE = 64;

/**
 * How many chunks may be on the line at once: one more after a window of successes that used the limit, one less when
 * answers take longer than they should, half when the server or the line refuses (additive increase, multiplicative
 * decrease, as in TCP). A limit that was too much is tried again rarely, and more rarely each time.
 *
 * The measure is the time from the last byte sent to the answer, which sending does not distort, against the shortest
 * one for chunks of about that size.
 *
 * Each request takes a number with sent(). Times are in milliseconds. It starts nothing.
 */
export class AdaptiveLimit {
  #min;
  #max;
  #limit;
  #sent = 0;
  #changedAt = 0; // the number of the last request from before the last change
  #cutAt = 0; // and of that before the last halving
  #window = { answers: 0, strain: 0, used: false };
  #tooMuch = Infinity; // the lowest limit known not to hold
  #patience = PATIENCE;
  #calm = 0; // windows of success since it was found
  #settled = false; // chunks have stopped growing
  #shortest = new Map(); // size class → { ms, at }: the shortest answer

  /** @param {{min?: number, max?: number, start?: number}} [given] chunks at once */
  constructor(given) {
    const { min, max, start } = boundsOf('parallel', given, { min: 1, max: 6, start: 3 });
    this.#min = min;
    this.#max = max;
    this.#limit = start;
  }

  /**
   * Chunks that may be on the line at once. The minimum until one of a size comes that has come before: while chunks
   * still grow, each shows how long an answer takes with none of its kind in the way, which no later one could. That
   * costs the time of a few chunks, less than ten seconds, as they grow only while they take less than four.
   */
  get limit() {
    return this.#settled ? this.#limit : this.#min;
  }

  /**
   * A chunk goes on the line.
   *
   * @param {number} inFlight chunks there, with this one
   * @returns {number} its number, for succeeded() or failed()
   */
  sent(inFlight) {
    if (inFlight >= this.#limit) this.#window.used = true;
    return ++this.#sent;
  }

  /**
   * @param {number} number of the request
   * @param {{bytes: number, answerMs: number}} measures see xhrTransport
   * @param {number} now
   */
  succeeded(number, { bytes, answerMs }, now) {
    const strain = this.#strainOf(bytes, answerMs, now);
    if (number <= this.#changedAt) return; // it shows how another limit did
    this.#window.answers++;
    this.#window.strain += Math.min(STRAIN_CAP, strain);
    if (this.#window.answers >= Math.max(WINDOW, this.#limit)) this.#judge();
  }

  /** The request was refused or broken off for reasons of load. Those sent before the last halving count no more. */
  failed(number) {
    if (number <= this.#cutAt) return;
    this.#found(this.#limit);
    // Rounded up: what three at once were too much for may well bear two.
    this.#become(Math.ceil(this.#limit / 2));
    this.#cutAt = this.#sent;
  }

  /** How long the answer took, as a share of what is bearable: more than 1 is too long. */
  #strainOf(bytes, answerMs, now) {
    const size = Math.ceil(Math.log2(Math.max(1, bytes)));
    const known = this.#shortest.get(size);
    if (known) this.#settled = true;
    // Forgotten at the minimum only: with more on the line, what is measured may be of this side's own making, and the
    // limit would climb on its own queue.
    const old = known && now - known.at > MEMORY_MS && this.#limit === this.#min;
    const before = old ? Infinity : known?.ms ?? this.#shortestLike(size);
    if (!known || answerMs <= before) this.#shortest.set(size, { ms: Math.min(answerMs, before), at: now });
    return answerMs / (FACTOR * Math.min(answerMs, before) + SLACK_MS);
  }

  /** For a size that is new: as much as for more bytes, twice as much as for half of them, and so on. */
  #shortestLike(size) {
    const guesses = [...this.#shortest].map(([other, { ms }]) => ms * 2 ** Math.max(0, size - other));
    return Math.min(Infinity, ...guesses);
  }

  #judge() {
    const { answers, strain, used } = this.#window;
    this.#window = { answers: 0, strain: 0, used: false };
    if (strain > answers) {
      this.#found(this.#limit);
      this.#become(this.#limit - 1);
      return;
    }
    if (!used) return;
    this.#calm++;
    if (this.#limit >= this.#tooMuch) {
      this.#tooMuch = Infinity;
      this.#patience = PATIENCE;
    }
    if (this.#limit + 1 < this.#tooMuch || this.#calm >= this.#patience) this.#become(this.#limit + 1);
  }

  /** This limit does not hold. */
  #found(limit) {
    this.#patience = limit === this.#tooMuch ? Math.min(LONGEST_PATIENCE, 2 * this.#patience) : PATIENCE;
    this.#tooMuch = limit;
    this.#calm = 0;
  }

  #become(limit) {
    const bounded = Math.min(this.#max, Math.max(this.#min, limit));
    if (bounded === this.#limit) return;
    this.#limit = bounded;
    this.#changedAt = this.#sent;
    this.#window = { answers: 0, strain: 0, used: false };
  }
}
