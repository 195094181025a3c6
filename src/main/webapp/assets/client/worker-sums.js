import { unreadable } from './reading.js';

/** The worker has died, over its work or before. */
export class WorkerLost extends Error {}

/** The page's end of checksum-worker.js: one blob at a time. Whoever made it ends it. */
export class WorkerSums {
  #worker;
  #lost = null; // why it is of no more use
  #job = null; // { id, resolve, reject } of what is being computed
  #ids = 0;

  /** @param {Worker} worker one that is ready; belongs to this from now on */
  constructor(worker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#answered(data);
    worker.onerror = (event) => this.#lose(event);
    worker.onmessageerror = (event) => this.#lose(event);
  }

  /**
   * The CRC32C of a blob.
   *
   * @param {Blob} blob
   * @returns {Promise<number>} rejects with an UploadProblem `unreadable`, or with WorkerLost; never settles after
   *   stop() and end()
   */
  sum(blob) {
    if (this.#lost) return Promise.reject(this.#lost);
    return new Promise((resolve, reject) => {
      this.#job = { id: ++this.#ids, resolve, reject };
      this.#worker.postMessage({ id: this.#job.id, blob });
    });
  }

  /** Gives up what is being computed: a file is not read when nobody wants it. */
  stop() {
    if (this.#job) this.#worker.postMessage({ id: null, blob: null });
    this.#job = null;
  }

  end() {
    this.#worker.terminate();
  }

  #answered({ id, crc, unreadable: failed }) {
    if (id !== this.#job?.id) return; // of one that was given up when it was as good as done
    const { resolve, reject } = this.#job;
    this.#job = null;
    if (failed) reject(unreadable());
    else resolve(crc);
  }

  #lose(event) {
    event.preventDefault?.();
    this.#lost = new WorkerLost(event.message ?? event.type);
    this.#job?.reject(this.#lost);
    this.#job = null;
  }
}
