/** Time that goes on only when a test says so; it is the edge of a Line, too. */
export class HandClock {
  time;
  random = () => 0.5;
  isOnline = true;
  skewMs = 0; // how far the time of day has been set from what timers go by
  #timers = []; // the next one first
  #listeners = new Set();

  constructor(time = 1_000_000) {
    this.time = time;
  }

  now = () => this.time + this.skewMs;

  online = () => this.isOnline;

  sleep = (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const timer = { at: this.time + ms, end: null };
      timer.end = () => {
        signal?.removeEventListener('abort', timer.end);
        this.#timers.splice(this.#timers.indexOf(timer, this.#firstAt(timer.at)), 1);
        resolve();
      };
      signal?.addEventListener('abort', timer.end);
      this.#timers.splice(this.#firstAt(timer.at, true), 0, timer);
    });

  onOnline = (listener) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The browser loses the network, or finds it again and says so. */
  network(online) {
    this.isOnline = online;
    if (online) for (const listener of this.#listeners) listener();
  }

  /** What would be left behind. */
  get timers() {
    return this.#timers.length;
  }

  get listeners() {
    return this.#listeners.size;
  }

  get edge() {
    const { now, online, sleep, onOnline } = this;
    return { now, online, sleep, onOnline, random: () => this.random() };
  }

  /** Lets so much time go by, and everything happen that is due, each thing at its time. */
  async pass(ms) {
    const end = this.time + ms;
    for (;;) {
      await settled();
      if (!(this.#timers[0]?.at <= end)) break;
      this.time = Math.max(this.time, this.#timers[0].at);
      while (this.#timers[0]?.at <= this.time) this.#timers[0].end();
    }
    this.time = end;
  }

  /** The place of the first timer of this time, or after the last one of it. */
  #firstAt(at, afterwards = false) {
    let [from, to] = [0, this.#timers.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (this.#timers[middle].at < at || (afterwards && this.#timers[middle].at === at)) from = middle + 1;
      else to = middle;
    }
    return from;
  }
}

/** When everything that needs no time has happened. */
export function settled() {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Numbers that look random and are the same in each run (mulberry32). */
export function seeded(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
