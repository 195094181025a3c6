/**
 * One sleep at a time, and the time as it is known from it: never running back, so that a clock that is set back makes
 * no wait longer. Closed by whoever made it; then it rings no more.
 */
export class Alarm {
  #edge;
  #ring;
  #at = Infinity;
  #quit = null;
  #latest = 0;

  /**
   * @param {object} edge now(), in milliseconds; sleep(ms, signal), which ends early and without error when aborted
   * @param {function(): void} ring called when the time set has come
   */
  constructor(edge, ring) {
    this.#edge = edge;
    this.#ring = ring;
  }

  /** Milliseconds since 1970. */
  get now() {
    this.#latest = Math.max(this.#latest, this.#edge.now());
    return this.#latest;
  }

  /** Rings at this time, instead of the one set before; never, for Infinity. */
  set(at) {
    if (at === this.#at) return;
    this.close();
    if (at === Infinity) return;
    const quit = new AbortController();
    this.#at = at;
    this.#quit = quit;
    this.#edge.sleep(at - this.now, quit.signal).then(() => {
      if (quit.signal.aborted) return;
      this.close();
      this.#latest = Math.max(this.#latest, at); // timers may be a moment early
      this.#ring();
    });
  }

  close() {
    this.#quit?.abort();
    this.#quit = null;
    this.#at = Infinity;
  }
}
