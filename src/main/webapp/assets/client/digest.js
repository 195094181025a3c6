import { combine } from './crc32c.js';

/**
 * The CRC32C of a whole file, put together from those of its pieces in whatever order they come. Keeps one entry for
 * each run of adjacent pieces, so that a file which is sent in order takes one entry, however large it is.
 */
export class FileDigest {
  #size;
  #runs = []; // { from, to, crc }, in order, neither touching nor overlapping

  /** @param {number} size bytes of the file */
  constructor(size) {
    if (!Number.isSafeInteger(size) || size < 0) throw new RangeError(`${size} is not a size`);
    this.#size = size;
  }

  /**
   * Takes a piece. One that is covered already changes nothing; one that covers what is there replaces it.
   *
   * @param {number} from offset of its first byte
   * @param {number} to offset after its last byte
   * @param {number} crc its CRC32C
   * @throws {RangeError} when it is not of this file, or when a part of it is covered: that cannot be taken out of it
   */
  add(from, to, crc) {
    const name = `${from} to ${to}`;
    if (![from, to].every(Number.isSafeInteger) || from < 0 || from > to || to > this.#size) {
      throw new RangeError(`${name} is not within a file of ${this.#size} bytes`);
    }
    if (from === to || this.#runs.some((run) => run.from <= from && to <= run.to)) return;
    const others = this.#runs.filter((run) => run.from < from || to < run.to);
    const at = others.findLastIndex((run) => run.from < from) + 1;
    const before = others[at - 1];
    const after = others[at];
    if (before?.to > from || after?.from < to) throw new RangeError(`a part of ${name} is there already`);
    others.splice(at, 0, { from, to, crc });
    if (after?.from === to) others.splice(at, 2, joined(others[at], after));
    if (before?.to === from) others.splice(at - 1, 2, joined(before, others[at]));
    this.#runs = others;
  }

  /** What is not covered yet, in order: `[[from, to], …]`. */
  gaps() {
    const ends = [0, ...this.#runs.map((run) => run.to)];
    const starts = [...this.#runs.map((run) => run.from), this.#size];
    return ends.map((end, i) => [end, starts[i]]).filter(([from, to]) => from < to);
  }

  /** The CRC32C of the file; null while there are gaps. */
  whole() {
    if (this.#size === 0) return 0;
    return this.gaps().length === 0 ? this.#runs[0].crc : null;
  }
}

function joined(a, b) {
  return { from: a.from, to: b.to, crc: combine(a.crc, b.crc, b.to - b.from) };
}
