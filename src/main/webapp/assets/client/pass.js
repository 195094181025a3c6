/**
 * The right to one request, given by Line.enter(). It ends with the first word on how the request went, or with
 * leave(), which whoever got it calls in any case.
 */
export class Pass {
  #end;

  /** @param {function(object): void} end hears the verdict, once: { measures }, { problem, bytes } or {} */
  constructor(end) {
    this.#end = end;
  }

  /**
   * The server did what was asked.
   *
   * @param {{bytes: number, sentMs: number, answerMs: number}} [measures] of a chunk; see xhrTransport
   */
  succeeded(measures = {}) {
    this.#ends({ measures });
  }

  /**
   * It came to nothing.
   *
   * @param {import('./problems.js').UploadProblem} problem
   * @param {{bytes?: number}} [chunk]
   */
  failed(problem, { bytes = 0 } = {}) {
    this.#ends({ problem, bytes });
  }

  /** It is over. If nothing has been said of how it went, nothing is learnt. */
  leave() {
    this.#ends({});
  }

  #ends(verdict) {
    const end = this.#end;
    this.#end = null;
    end?.(verdict);
  }
}
