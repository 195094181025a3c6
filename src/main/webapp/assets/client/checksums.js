import { checksumOf } from './reading.js';
import { orAborted, sleep } from './waits.js';
import { WorkerLost, WorkerSums } from './worker-sums.js';
import { startWorker } from './workers.js';

const SCRIPT = new URL('./checksum-worker.js', import.meta.url);
/** One that dies may be bad luck; a second is the browser's way of saying no. */
const WORKERS = 2;

/**
 * The checksums of slices of files, one after the other, in the order in which they are asked for. They are computed
 * in a worker that is made at first use; in the page, a piece at a time, where workers are forbidden or die. Belongs
 * to a client, which closes it.
 */
export class Checksums {
  #start;
  #workersLeft = WORKERS;
  #worker = null; // a promise of WorkerSums, or of null when there is to be none
  #tail = Promise.resolve();
  #over = new AbortController();

  /**
   * @param {object} [options]
   * @param {string|URL} [options.workerUrl] the script of the worker
   * @param {typeof startWorker} [options.start]
   * @param {typeof sleep} [options.wait]
   */
  constructor({ workerUrl = SCRIPT, start = startWorker, wait = sleep } = {}) {
    this.#start = async () => new WorkerSums(await start(String(workerUrl), wait));
  }

  /**
   * The CRC32C of a slice of a file. Not more than a few MiB of it are in memory at a time.
   *
   * @param {Blob} blob
   * @param {AbortSignal} [signal] ends the reading
   * @returns {Promise<number>} rejects with an UploadProblem `unreadable`; with the signal's reason when it was
   *   aborted; with an AbortError when the client was closed
   */
  crcOf(blob, signal) {
    const job = this.#tail.then(() => this.#run(blob, signal));
    this.#tail = job.catch(() => {}); // whatever became of it, the next one's turn comes
    return this.#unlessOver(job, signal);
  }

  /** Ends the worker. What is being computed, what waits and what is asked for later rejects. */
  close() {
    this.#over.abort(new DOMException('The client was closed.', 'AbortError'));
    this.#worker?.then((worker) => worker?.end());
  }

  async #run(blob, signal) {
    for (;;) {
      this.#stopIfOver(signal);
      this.#worker ??= this.#workersLeft > 0 ? this.#start().catch(() => null) : Promise.resolve(null);
      const worker = await this.#unlessOver(this.#worker, signal);
      if (!worker) return checksumOf(blob, () => this.#breathe(signal));
      try {
        return await this.#unlessOver(worker.sum(blob), signal);
      } catch (error) {
        worker.stop();
        if (!(error instanceof WorkerLost)) throw error;
        worker.end();
        this.#workersLeft--;
        this.#worker = null;
      }
    }
  }

  async #breathe(signal) {
    await nextTask();
    this.#stopIfOver(signal);
  }

  #unlessOver(promise, signal) {
    return orAborted(orAborted(promise, this.#over.signal), signal);
  }

  #stopIfOver(signal) {
    this.#over.signal.throwIfAborted();
    signal?.throwIfAborted();
  }
}

/** Lets the page draw and listen. A timer would do it once a minute in a tab that nobody looks at. */
function nextTask() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}
