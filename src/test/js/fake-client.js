/**
 * Stands in for assets/client/spillway-client.js in tests of the page: the same API, and everything happens when the
 * test says so. The page's client is `fakeClient`; what restore() brings back is read from the session storage item
 * `fake.restored`, a JSON list of what an upload starts with.
 */

const OPEN = ['queued', 'starting', 'uploading', 'waiting', 'elsewhere'];

class FakeUpload extends EventTarget {
  metadata = {};
  id = null;
  state = 'queued';
  problem = null;
  retryAt = 0;
  failures = 0;
  receivedBytes = 0;
  sentBytes = 0;
  speed = 0;
  timeLeft = null;
  link = null;
  crc32c = null;
  canAskForFile = false;
  done = new Promise(() => {});
  #changed;

  constructor(fields, changed) {
    super();
    this.#changed = changed;
    Object.assign(this, { path: fields.name, ...fields });
  }

  /** A new state, with whatever else changes. */
  become(state, fields = {}) {
    Object.assign(this, { problem: null, ...fields, state });
    this.dispatchEvent(new Event('state'));
    this.#changed(this);
  }

  /** Bytes move. */
  move(sentBytes, speed = 0) {
    const timeLeft = speed > 0 ? (this.size - sentBytes) / speed : null;
    Object.assign(this, { sentBytes, receivedBytes: sentBytes, speed, timeLeft });
    this.dispatchEvent(new Event('progress'));
  }

  complete() {
    const { size, name } = this;
    const result = { link: `/up/files/${name.length}`, crc32c: 'yZRlqg==' };
    this.become('completed', { sentBytes: size, receivedBytes: size, ...result });
  }

  pause() {
    if (OPEN.includes(this.state)) this.become('paused', { speed: 0 });
  }

  async resume() {
    if (this.state === 'paused' || (this.state === 'needs-file' && this.canAskForFile)) this.become('queued');
  }

  retry() {
    if (['failed', 'cancelled'].includes(this.state)) this.become('queued');
  }

  async cancel() {
    if (!['finishing', 'completed', 'cancelled'].includes(this.state)) this.become('cancelled');
  }
}

export class SpillwayClient extends EventTarget {
  uploads = [];
  line = { circuit: 'closed', retryAt: 0, online: true, inFlight: 0, limit: 6, chunkBytes: 4 << 20 };
  added = []; // what the page has handed over: name, path, whether there was a handle

  constructor() {
    super();
    globalThis.fakeClient = this;
  }

  /** Puts an upload into the list as if a file had been added. */
  put({ state = 'queued', ...fields }) {
    const changed = (upload) => this.dispatchEvent(new CustomEvent('change', { detail: upload }));
    const upload = new FakeUpload({ ...fields, state }, changed);
    this.uploads = [...this.uploads, upload];
    this.dispatchEvent(new CustomEvent('added', { detail: upload }));
    return upload;
  }

  /** Many at once. */
  fill(number, state, size = 1 << 20) {
    const uploads = Array.from({ length: number }, (_, i) => this.#made(`file-${i}.bin`, state, size));
    this.uploads = [...this.uploads, ...uploads];
    for (const detail of uploads) this.dispatchEvent(new CustomEvent('added', { detail }));
  }

  #made(name, state, size) {
    const changed = (upload) => this.dispatchEvent(new CustomEvent('change', { detail: upload }));
    return new FakeUpload({ name, state, size }, changed);
  }

  async add(file, { path = file.webkitRelativePath || file.name, handle = null } = {}) {
    this.added.push({ name: file.name, path, handle: handle !== null });
    const open = this.uploads.filter(({ state }) => !['completed', 'cancelled'].includes(state));
    const known = open.find((upload) => upload.path === path && upload.size === file.size);
    if (known?.state === 'needs-file') known.become('queued');
    return known ?? this.put({ name: file.name, size: file.size, path });
  }

  async restore() {
    const restored = JSON.parse(sessionStorage.getItem('fake.restored') ?? '[]');
    return restored.map((fields) => this.put({ state: 'needs-file', ...fields }));
  }

  /** Ends everything at once, whatever its state, so that the page may be left. */
  end() {
    for (const upload of this.uploads) upload.become('cancelled');
  }

  setLine(line) {
    this.line = { ...this.line, ...line };
    this.dispatchEvent(new Event('line'));
  }

  pauseAll() {
    for (const upload of this.uploads) upload.pause();
  }

  async resumeAll() {
    for (const upload of this.uploads) upload.resume();
  }

  retryAll() {
    for (const upload of this.uploads) if (upload.state === 'failed') upload.retry();
  }

  async cancelAll() {
    for (const upload of this.uploads) upload.cancel();
  }

  clear() {
    this.uploads = this.uploads.filter(({ state }) => !['completed', 'cancelled'].includes(state));
  }

  close() {}
}
