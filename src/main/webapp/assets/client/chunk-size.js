import { boundsOf } from './bounds.js';

const KIB = 1024;
const MIB = 1024 * KIB;

/** Chunks are multiples of this: the smallest that servers take by default, and whole blocks on every disk. */
const STEP = 64 * KIB;
/**
 * What a chunk should take on the line. Its round trip and its fsync, some 0.1 s, then cost a few percent, and a line
 * that breaks costs four seconds of work at most on each way.
 */
const WANTED_MS = 4_000;
/** A new measurement counts for so much: three chunks show a change of the line, one hiccup does not turn it over. */
const WEIGHT = 0.3;
/** Less tells more of a connection's slow start (four to five round trips from RFC 6928's window) than of the line. */
const TELLING = 256 * KIB;

/**
 * How long chunks should be for the line as it is measured: what goes in about four seconds, not more than twice what
 * has just gone well, half of what has just failed. Knows no time and starts nothing.
 */
export class ChunkSizer {
  #min;
  #max;
  #bytes;
  #msPerByte = null; // smoothed as a duration, so that a chunk which a buffer has swallowed at once does not rule

  /** @param {{min?: number, max?: number, start?: number}} [given] in bytes */
  constructor(given) {
    const { min, max, start } = boundsOf('chunkBytes', given, { min: 256 * KIB, max: 64 * MIB, start: 4 * MIB });
    this.#min = min;
    this.#max = max;
    this.#bytes = start;
  }

  /** How long the next chunk should be, from 1 to `most`: a multiple of 64 KiB, unless that or the maximum is less. */
  next(most = Infinity) {
    const steps = Math.max(1, Math.floor(this.#bytes / STEP));
    return Math.max(1, Math.min(steps * STEP, this.#max, most));
  }

  /**
   * A chunk has arrived.
   *
   * @param {{bytes: number, sentMs: number, answerMs: number}} measures see xhrTransport
   */
  arrived({ bytes, sentMs, answerMs }) {
    if (bytes < Math.min(TELLING, this.#bytes)) return;
    const msPerByte = Math.max(1, sentMs) / bytes; // clocks are coarse where pages are not isolated from each other
    this.#msPerByte = this.#msPerByte === null ? msPerByte : this.#msPerByte + WEIGHT * (msPerByte - this.#msPerByte);
    const wanted = WANTED_MS / this.#msPerByte;
    if (wanted < this.#bytes) {
      this.#become(wanted);
    } else if (sentMs + answerMs <= WANTED_MS) {
      // Not when its whole way took longer: the buffers of the system take megabytes at once, and the line needs its
      // time for them afterwards.
      this.#become(Math.max(this.#bytes, Math.min(wanted, 2 * bytes)));
    }
  }

  /** A chunk was lost on the line. Those of the same size that are lost with it count once. */
  lost(bytes) {
    if (2 * bytes < this.#bytes) return; // it was short for other reasons, and its loss says nothing of long ones
    this.#become(Math.min(this.#bytes, bytes / 2));
  }

  #become(bytes) {
    this.#bytes = Math.floor(Math.min(this.#max, Math.max(this.#min, bytes)));
  }
}
