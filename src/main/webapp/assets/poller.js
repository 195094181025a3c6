const TIMEOUT = 4_000;
const BACK_OFF = [1, 2, 6, 12]; // in the server's intervals: 5, 10, 30, 60 s

/**
 * Asks one URL again and again. One request at a time, none while anything holds it; after failures
 * less and less often. A hold that an operator did not choose ends by itself, or a pointer left on
 * a chart would freeze the page for good.
 */
export class Poller extends EventTarget {
  #address;
  #base;
  #interval;
  #holds = new Map(); // reason → when it ends
  #failures = 0;
  #freshAt = Date.now();
  #nextAt = 0;
  #request = null;
  #timer;
  #clock;

  /**
   * @param address gives the URL
   * @param base how often the server measures, in ms
   */
  constructor(address, base) {
    super();
    this.#address = address;
    this.#base = base;
    this.#interval = base;
  }

  /** What has come so far is older than three intervals though nobody wants it so. */
  get stale() {
    return !this.held && Date.now() - this.#freshAt > 3 * Math.max(this.#interval, this.#base);
  }

  get held() {
    const now = Date.now();
    return this.#interval === 0 || [...this.#holds.values()].some((until) => until > now);
  }

  /** Until the next request, in whole seconds; 0 while one is on its way. */
  get countdown() {
    return this.#request ? 0 : Math.max(0, Math.ceil((this.#nextAt - Date.now()) / 1000));
  }

  start() {
    this.#clock = setInterval(() => this.#tick(), Math.min(1_000, this.#base / 4));
    this.#plan(this.#interval);
  }

  /** @param interval in ms; 0 stops asking */
  every(interval) {
    this.#interval = interval;
    this.#resumed();
  }

  /** @param most how long this may last, in ms */
  hold(reason, most = Infinity) {
    this.#holds.set(reason, Date.now() + most);
    clearTimeout(this.#timer);
    this.#tell();
  }

  release(reason) {
    if (this.#holds.delete(reason)) this.#resumed();
  }

  holds(reason) {
    return (this.#holds.get(reason) ?? 0) > Date.now();
  }

  fresh() {
    this.#freshAt = Date.now();
  }

  /** Whatever was missed in a pause was not missed by the server. */
  #resumed() {
    if (this.held) return this.#tell();
    this.fresh();
    this.#plan(0);
  }

  #tick() {
    for (const [reason, until] of this.#holds) if (until <= Date.now()) this.release(reason);
    // Nobody sees it, and a tab in the background is to cost nothing.
    if (!document.hidden) this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event('state'));
  }

  #plan(delay) {
    clearTimeout(this.#timer);
    if (this.held) return;
    this.#nextAt = Date.now() + delay;
    this.#timer = setTimeout(() => this.#ask(), delay);
  }

  async #ask() {
    if (this.#request || this.held) return;
    this.#request = this.#answer();
    const answer = await this.#request;
    this.#request = null;
    this.#failures = answer ? 0 : this.#failures + 1;
    const backOff = BACK_OFF[Math.min(this.#failures, BACK_OFF.length) - 1] * this.#base;
    this.#plan(answer ? this.#interval : Math.max(backOff, this.#interval));
    // A page that is held again meanwhile keeps what the operator looks at.
    if (answer?.seq !== undefined && !this.held) {
      this.dispatchEvent(new CustomEvent('answer', { detail: answer }));
    }
    this.#tell();
  }

  /** What came; an empty object when nothing has changed, null when it failed. */
  async #answer() {
    try {
      const response = await fetch(this.#address(), {
        headers: { Accept: 'application/json' },
        cache: 'no-store',
        signal: AbortSignal.timeout(TIMEOUT),
      });
      if (response.status === 204 || response.status === 304) return {};
      return response.ok ? await response.json() : null;
    } catch {
      return null;
    }
  }
}
