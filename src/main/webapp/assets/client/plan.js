/**
 * What is still to be sent of a file, handed out piece by piece, the lowest first: then what the server has received
 * stays in few ranges.
 */
export class Plan {
  #missing;

  /** @param {Array<[number, number]>} missing byte ranges `[from, to)` in ascending order, none of them empty */
  constructor(missing) {
    this.#missing = missing.map(([from, to]) => [from, to]);
  }

  /** Bytes that nobody has taken yet. */
  get left() {
    return this.#missing.reduce((sum, [from, to]) => sum + to - from, 0);
  }

  /**
   * Hands out the next piece.
   *
   * @param {number} most bytes, at least 1
   * @returns {{from: number, to: number}|null} null when everything has been taken
   */
  take(most) {
    const first = this.#missing[0];
    if (!first) return null;
    const [from, to] = first;
    const end = Math.min(to, from + Math.max(1, most));
    if (end === to) this.#missing.shift();
    else first[0] = end;
    return { from, to: end };
  }
}
