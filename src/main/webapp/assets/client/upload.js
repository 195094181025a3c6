import { Patience } from './patience.js';
import { UploadProblem, changedFile, unexpected } from './problems.js';
import { keyOf } from './remembered.js';
import { SpeedMeter } from './speed.js';
import { alone } from './tabs.js';
import { Transfer, UNDER_WAY } from './transfer.js';

/** How long cancelling waits for the server, which removes abandoned uploads by itself. */
const CANCEL_MS = 20_000;

const BUSY = new Set(['starting', 'uploading', 'waiting', 'finishing']);
/** The server has all of it, or is being told already. */
const UNSTOPPABLE = new Set(['finishing', 'publishing', 'cancelling']);
const OVER = new Set(['completed', 'cancelled']);
const PAUSABLE = new Set(['queued', 'starting', 'uploading', 'waiting', 'elsewhere']);

/**
 * One file on its way, as its owner sees it: its state, and what can be done with it. The public members are described
 * in spillway-client.d.ts; those that are called by the client alone say so.
 *
 * Owns its requests: pause() and cancel() end them.
 */
export class Upload extends EventTarget {
  #state;
  #problem = null;
  #retryAt = 0;
  #startedOver = false; // in this run
  #again = false; // the next attempt asks the server to finish what it could not finish
  #heldUntil = 0; // the latest time that the line has named
  #link = null;
  #crc32c = null;

  #record;
  #file;
  #services;
  #transfer;
  #patience;
  #speed = new SpeedMeter();
  #active = 'starting'; // the state that a wait returns to
  #run = new AbortController();
  #nap = new AbortController();
  #ended = Promise.resolve();

  /**
   * For the client alone.
   *
   * @param {object} record what is remembered of it; see remembered.js
   * @param {File|null} file null when it has to be chosen again
   * @param {object} services api, checksums, remembered, parallel, patienceMs, locks, edge
   */
  constructor(record, file, services) {
    super();
    this.#record = record;
    this.#file = file;
    this.#services = services;
    this.#patience = new Patience(services.patienceMs, services.edge.random);
    this.#transfer = this.#newTransfer();
    this.#state = file ? 'queued' : 'needs-file';
  }

  get name() { return this.#record.name; }
  get size() { return this.#record.size; }
  get path() { return this.#record.path; }
  get metadata() { return this.#record.metadata; }
  get id() { return this.#record.id; }
  get state() { return this.#state; }
  get problem() { return this.#problem; }
  get retryAt() { return this.#state === 'waiting' ? this.#retryAt : 0; }
  get failures() { return this.#patience.failures; }
  get receivedBytes() { return this.#transfer.receivedBytes; }
  get sentBytes() { return this.#transfer.sentBytes; }
  get link() { return this.#link; }
  get crc32c() { return this.#crc32c; }
  get canAskForFile() { return this.#state === 'needs-file' && this.#record.handle !== null; }

  /** For the client alone: what it is remembered under, and whether it is over or takes one of the places. */
  get key() { return this.#record.key; }
  get over() { return OVER.has(this.#state); }
  get busy() { return BUSY.has(this.#state); }

  get speed() {
    return this.#state === 'uploading' ? this.#speed.rate(this.#services.edge.now()) : 0;
  }

  get timeLeft() {
    const { speed } = this;
    return speed > 0 ? (this.size - this.sentBytes) / speed : null;
  }

  get done() {
    return new Promise((resolve, reject) => {
      const settle = () => {
        if (this.#state === 'completed') resolve(this);
        else if (this.#state === 'failed' || this.#state === 'cancelled') reject(this.#problem ?? cancelled());
        else return;
        this.removeEventListener('state', settle);
      };
      this.addEventListener('state', settle);
      settle();
    });
  }

  pause() {
    if (!PAUSABLE.has(this.#state)) return;
    this.suspend();
    this.#remember({ paused: true });
  }

  async resume() {
    if (this.#state === 'paused') this.#enqueue();
    else if (this.canAskForFile) await this.#askForFile('requestPermission');
  }

  retry() {
    if (this.#state !== 'failed' && this.#state !== 'cancelled') return;
    if (this.#problem?.code === 'changed') this.#takeChangedFile();
    else if (this.#state === 'cancelled' || this.#problem.gone) this.#startOver();
    else this.#again = true;
    this.#enqueue();
  }

  async cancel() {
    if (this.over || UNSTOPPABLE.has(this.#state)) return;
    this.#become('cancelling');
    this.#stop();
    await this.#ended;
    const problem = this.id ? await this.#discard() : null;
    this.#services.remembered.delete(this.key);
    this.#startOver();
    this.#become('cancelled', problem);
  }

  /** For the client alone: its turn has come. */
  begin() {
    if (this.#state !== 'queued') return;
    this.#become('starting');
    this.#launch();
  }

  /** For the client alone: pauses, and is remembered as it was. */
  suspend() {
    if (this.#state === 'publishing') this.#stop(); // goes on without this page
    if (!PAUSABLE.has(this.#state)) return;
    this.#become('paused');
    this.#stop();
  }

  /**
   * For the client alone: the file that an upload from before a reload was waiting for, or once more one that has
   * failed: it may be in its place again.
   */
  attach(file, handle = null) {
    if (this.#state !== 'needs-file' && this.#state !== 'failed') return;
    const { receivedBytes } = this.#transfer;
    this.#file = file;
    if (handle) this.#record = { ...this.#record, handle };
    this.#transfer = this.#newTransfer();
    this.#transfer.receivedBytes = receivedBytes;
    if (this.#state === 'needs-file') this.#enqueue();
  }

  /** For the client alone: goes on with a file that the browser lets us read without asking anybody. */
  async askQuietly() {
    if (this.canAskForFile && !this.#record.paused) await this.#askForFile('queryPermission');
  }

  /** For the client alone: asks the server what became of an upload from before a reload. */
  async look(signal) {
    try {
      const upload = await this.#transfer.look(signal);
      if (this.#state !== 'needs-file') return;
      if (upload.state === 'COMPLETED') {
        this.#complete({ link: this.#services.api.linkOf(upload.file), crc32c: upload.checksum?.crc32c ?? null });
      } else if (UNDER_WAY.has(upload.state)) {
        this.#become('publishing');
        this.#launch();
      } else {
        this.#become('needs-file');
      }
    } catch (problem) {
      if (this.#state === 'needs-file' && problem.gone) this.#become('needs-file', problem);
    }
  }

  /** For the client alone: the network is back, so a wait for its sake is over. */
  wake() {
    if (this.#state === 'waiting' && this.#problem.network) this.#nap.abort();
  }

  #newTransfer() {
    const { id, idempotencyKey: key, size } = this.#record;
    return new Transfer({ file: this.#file ?? { size }, description: this.#description(), key, id }, this.#services, {
      state: (state) => this.#goOn(state),
      waiting: (wait) => (wait ? this.#held(wait) : this.#goOn(this.#active)),
      opened: (id) => this.#remember({ id }),
      received: () => this.#patience.renew(),
      progress: () => this.#progressed(),
    });
  }

  /** What the server is told of the file. */
  #description() {
    const { name, size, type, path, metadata } = this.#record;
    const { chunkBytes: chunkSize } = this.#services;
    const about = path === name ? metadata : { ...metadata, relativePath: path };
    return { name, size, type: type || 'application/octet-stream', chunkSize, metadata: about };
  }

  async #askForFile(how) {
    const { handle, size, lastModified } = this.#record;
    try {
      if ((await handle[how]({ mode: 'read' })) !== 'granted') return;
      const file = await handle.getFile();
      if (file.size === size && file.lastModified === lastModified) return this.attach(file);
      this.#file = file;
      this.#become('failed', changedFile());
    } catch {
      // Moved, removed, or on a disk that is not there: it can still be chosen by hand.
      this.#record = { ...this.#record, handle: null };
      this.#become('needs-file');
    }
  }

  #enqueue() {
    if (!this.#file) return this.#become('needs-file', this.#problem);
    this.#remember({ paused: false });
    this.#become('queued');
  }

  #launch() {
    this.#run = new AbortController();
    this.#patience.renew();
    this.#startedOver = false;
    const { signal } = this.#run;
    // An earlier run may still be letting go of its last request; two at once would count bytes twice.
    this.#ended = this.#ended.then(() => this.#drive(signal));
  }

  #stop() {
    this.#run.abort(new DOMException('The upload was stopped.', 'AbortError'));
    this.#nap.abort();
  }

  async #drive(signal) {
    const { locks } = this.#services;
    try {
      const onWait = () => this.#become('elsewhere');
      await alone(this.key, signal, () => this.#transmit(signal), { onWait, locks });
    } catch (error) {
      if (!signal.aborted) this.#become('failed', asProblem(error)); // else whoever aborted has set the state
    }
  }

  async #transmit(signal) {
    if (this.#state === 'elsewhere') await this.#catchUp();
    for (;;) {
      signal.throwIfAborted();
      if (this.#state !== 'publishing') this.#goOn('starting');
      const again = this.#again;
      this.#again = false;
      try {
        return this.#complete(await this.#transfer.attempt(signal, again));
      } catch (error) {
        signal.throwIfAborted();
        await this.#recover(asProblem(error), signal);
      }
    }
  }

  /** Another tab had this file in hand: what it has left, possibly all of it, is known to the database. */
  async #catchUp() {
    const record = await this.#services.remembered.get(this.key);
    if (!record?.id) return;
    this.#record = { ...this.#record, id: record.id, idempotencyKey: record.idempotencyKey };
    this.#transfer = this.#newTransfer();
  }

  /** Waits for the next attempt, or throws what makes it useless. */
  async #recover(problem, signal) {
    if (problem.gone && problem.code !== 'upload-cancelled' && !this.#startedOver) {
      this.#startedOver = true; // nothing is left there; once, in case the server forgets everything at once
      this.#startOver();
      this.#remember({}); // the new key, before it is used: a page that ends now must not leave an upload to nobody
      return;
    }
    const { edge } = this.#services;
    const wait = this.#patience.afterFailure(problem);
    this.#wait(problem, edge.now() + wait);
    signal.throwIfAborted(); // a listener of the state just announced may have paused
    this.#nap = new AbortController();
    await edge.sleep(wait, this.#nap.signal);
  }

  #complete({ link, crc32c }) {
    this.#link = link;
    this.#crc32c = crc32c;
    // Not forgotten at once: another tab may be waiting to hear of it.
    this.#remember({ ended: true });
    this.#become('completed');
  }

  async #discard() {
    const { api, edge } = this.#services;
    const stop = new AbortController();
    const timer = new AbortController();
    edge.sleep(CANCEL_MS, timer.signal).then(() => stop.abort(notCancelled()));
    try {
      await api.cancel(this.id, { signal: stop.signal });
      return null;
    } catch (problem) {
      return problem.gone ? null : asProblem(problem);
    } finally {
      timer.abort();
    }
  }

  #startOver() {
    this.#record = { ...this.#record, id: null, idempotencyKey: this.#services.edge.key(), ended: false };
    this.#transfer = this.#newTransfer();
    this.#progressed();
  }

  /** What is remembered survives the page; failing to remember is no reason to fail. */
  #remember(change) {
    this.#record = { ...this.#record, ...change, touchedAt: this.#services.edge.now() };
    return this.#services.remembered.put(this.#record);
  }

  /** The file is another one now: what the server has of it is of no use, and it is remembered as what it is. */
  #takeChangedFile() {
    const { size, lastModified } = this.#file;
    if (this.id) this.#discard();
    this.#services.remembered.delete(this.key);
    const key = keyOf({ ...this.#record, size, lastModified });
    this.#record = { ...this.#record, size, lastModified, key };
    this.#startOver();
  }

  /** The line lets nobody through. That counts as trying in vain, except when it is this side that is offline. */
  #held({ problem, until }) {
    if (this.#run.signal.aborted) return;
    // Each of its ways in parallel hears of the same wait.
    const more = until > this.#heldUntil ? until - Math.max(this.#heldUntil, this.#services.edge.now()) : 0;
    this.#heldUntil = Math.max(this.#heldUntil, until);
    if (this.#patience.bears(more) || problem.code === 'offline') return this.#wait(problem, until);
    this.#become('failed', problem);
    this.#stop();
  }

  #wait(problem, until) {
    this.#retryAt = until;
    this.#become('waiting', problem);
  }

  /** What a run reports, unless it has been stopped meanwhile. */
  #goOn(state) {
    if (this.#run.signal.aborted) return;
    this.#active = state;
    if (this.#state !== state) this.#become(state);
  }

  #become(state, problem = null) {
    this.#state = state;
    this.#problem = problem;
    if (state !== 'uploading') this.#speed.reset();
    this.dispatchEvent(new Event('state'));
  }

  #progressed() {
    this.#speed.add(this.sentBytes, this.#services.edge.now());
    this.dispatchEvent(new Event('progress'));
  }
}

function asProblem(error) {
  return error instanceof UploadProblem ? error : unexpected(error?.message ?? String(error));
}

function cancelled() {
  return new UploadProblem({ title: 'Cancelled', code: 'cancelled' });
}

function notCancelled() {
  const detail = 'It removes unfinished uploads by itself after a while.';
  return new UploadProblem({ title: 'The server was not told', detail, code: 'network', retryable: true });
}
