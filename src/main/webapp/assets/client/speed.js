/** Progress comes every 50 ms from each request (XMLHttpRequest Standard); five samples a second are as good. */
const SPACING_MS = 200;

/** Bytes per second over the last few seconds, from a total that grows. */
export class SpeedMeter {
  #windowMs;
  #samples = [];

  /** @param {number} windowMs the default calms the figure, and still shows soon that a line has failed */
  constructor(windowMs = 5_000) {
    this.#windowMs = windowMs;
  }

  /**
   * @param {number} totalBytes so far
   * @param {number} at in milliseconds
   */
  add(totalBytes, at) {
    const last = this.#samples.at(-1);
    if (last && at < last.at) this.reset(); // the clock was set back
    else if (last && at - last.at < SPACING_MS) return;
    this.#samples.push({ totalBytes, at });
    while (at - this.#samples[0].at > this.#windowMs) this.#samples.shift();
  }

  /** Bytes per second; 0 when nothing has moved lately. A total that fell, because bytes were lost, is no speed. */
  rate(at) {
    const [first] = this.#samples;
    const last = this.#samples.at(-1);
    if (!first || first === last || at - last.at > this.#windowMs) return 0;
    return Math.max(0, ((last.totalBytes - first.totalBytes) * 1000) / (at - first.at));
  }

  /** Forgets everything: what comes next is another run. */
  reset() {
    this.#samples = [];
  }
}
