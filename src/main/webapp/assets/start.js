import { ChunkedUpload, SpeedMeter, UploadLanes } from './upload.js';

const lanes = new UploadLanes();
const rows = new Map(); // upload → its row in the page
const find = (id) => document.getElementById(id);

/** What each state is called, its shape and tone, and what its two buttons do; a missing one is hidden. */
const STATES = {
  queued: { word: 'In the queue', icon: '○', tone: 'idle', toggle: 'Pause', cancel: 'Cancel' },
  starting: { word: 'Starting', icon: '●', tone: 'info', toggle: 'Pause', cancel: 'Cancel' },
  uploading: { word: 'Uploading', icon: '●', tone: 'info', toggle: 'Pause', cancel: 'Cancel' },
  waiting: { word: 'Waiting to try again', icon: '▲', tone: 'warn', toggle: 'Pause', cancel: 'Cancel' },
  paused: { word: 'Paused', icon: '○', tone: 'idle', toggle: 'Resume', cancel: 'Cancel' },
  finishing: { word: 'Finishing', icon: '●', tone: 'info' },
  completed: { word: 'Finished', icon: '✓', tone: 'ok' },
  failed: { word: 'Failed', icon: '✕', tone: 'critical', toggle: 'Retry', cancel: 'Cancel' },
  cancelling: { word: 'Cancelling', icon: '○', tone: 'idle' },
  cancelled: { word: 'Cancelled', icon: '○', tone: 'idle', toggle: 'Upload again' },
};
/** Only results are spoken; progress would drown everything else. */
const SPOKEN = new Set(['paused', 'waiting', 'completed', 'failed', 'cancelled']);
const OVER = new Set(['completed', 'cancelled']);

/** Bytes in IEC units with three significant digits; 1000 to 1023 keep their unit and have four. */
function bytesText(bytes) {
  const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  let value = bytes;
  for (; value >= 1023.5 && unit < units.length - 1; unit++) value /= 1024;
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return bytes === 1 ? '1 byte' : `${value.toFixed(digits)} ${units[unit]}`;
}

/** A duration in its two largest units. */
function durationText(seconds) {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const sentence = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`);

function problemText({ state, problem, failures }) {
  if (!problem) return '';
  const parts = [sentence(problem.title), problem.detail && sentence(problem.detail)];
  if (state === 'failed') {
    if (failures > 1) parts.push(`Given up after ${failures} attempts.`);
    if (problem.retryAfterMs) parts.push(`The server asks to wait ${durationText(problem.retryAfterMs / 1000)}.`);
    if (problem.gone) parts.push('Retry starts from the beginning.');
  } else if (state === 'cancelled') {
    parts.push('Cancelled here; the server removes unfinished uploads by itself after a while.');
  }
  return parts.filter(Boolean).join(' ');
}

const spoken = [];
let speaking;

/** Says it in the one status region; what comes close together is said together. */
function say(text) {
  spoken.push(text);
  clearTimeout(speaking);
  speaking = setTimeout(() => {
    // After many files at once, the last few results are what can still be listened to.
    find('status').textContent = spoken.splice(0).slice(-5).join(' ');
  }, 300);
}

/** The row of one upload: shows its state and passes the buttons on. */
class Row {
  #upload;
  #speed = new SpeedMeter();
  #parts = {};
  #timer = null;

  constructor(upload, number) {
    this.#upload = upload;
    this.element = find('row').content.firstElementChild.cloneNode(true);
    for (const part of this.element.querySelectorAll('[class]')) this.#parts[part.classList[0]] = part;
    this.#parts.progress = this.element.querySelector('progress');
    this.#parts.name.id = `file-${number}`;
    this.#parts.name.textContent = upload.file.name;
    this.#parts.link.append(this.#nameForReaders());
    this.#parts.progress.setAttribute('aria-labelledby', this.#parts.name.id);
    this.#parts.toggle.addEventListener('click', () => this.#toggle());
    this.#parts.cancel.addEventListener('click', () => upload.cancel());
    upload.addEventListener('state', () => this.#stateChanged());
    upload.addEventListener('progress', () => this.#showSoon());
    this.#showState();
  }

  #toggle() {
    if (['paused', 'failed', 'cancelled'].includes(this.#upload.state)) lanes.submit(this.#upload);
    else this.#upload.pause();
  }

  #stateChanged() {
    const { state, file, failures } = this.#upload;
    if (state !== 'uploading') this.#speed.reset();
    this.#showState();
    if (SPOKEN.has(state) && !(state === 'waiting' && failures > 1)) {
      // Isolates keep a right-to-left or trick name from turning the words around it.
      say(`\u2068${file.name}\u2069: ${STATES[state].word}. ${problemText(this.#upload)}`.trim());
    }
    showTotals();
  }

  #showState() {
    const { state, link, crc32c } = this.#upload;
    const { word, icon, tone, toggle, cancel } = STATES[state];
    const parts = this.#parts;
    const focused = [parts.toggle, parts.cancel].find((button) => button === document.activeElement);
    this.element.dataset.tone = tone;
    parts.icon.textContent = icon;
    parts.word.textContent = word;
    this.#label(parts.toggle, toggle);
    this.#label(parts.cancel, cancel);
    parts.actions.hidden = !toggle && !cancel;
    parts.result.hidden = state !== 'completed';
    if (state === 'completed') {
      parts.crc.textContent = crc32c ?? 'not given';
      const url = sameOrigin(link);
      if (url) parts.link.href = url;
    }
    this.#show();
    // A button that vanishes must not take the keyboard's place in the page with it.
    if (focused?.hidden) this.element.focus();
  }

  #label(button, text) {
    button.hidden = !text;
    if (!text || button.firstChild?.data === text) return;
    button.replaceChildren(document.createTextNode(text), this.#nameForReaders());
  }

  /** Tells one "Cancel" or "Download" from the next where the row around it is not seen. */
  #nameForReaders() {
    const name = document.createElement('span');
    name.className = 'hidden-visually';
    name.textContent = ` ${this.#upload.file.name}`;
    return name;
  }

  /** Progress comes far more often than anyone can read it. */
  #showSoon() {
    this.#speed.add(this.#upload.sentBytes, performance.now());
    this.#timer ??= setTimeout(() => this.#show(), 200);
  }

  #show() {
    clearTimeout(this.#timer);
    this.#timer = null;
    const { state, file, sentBytes, problem, retryAt } = this.#upload;
    const done = state === 'completed';
    const part = file.size > 0 ? sentBytes / file.size : Number(done);
    const rate = state === 'uploading' ? this.#speed.rate(performance.now()) : 0;
    // Rounded down: 100 % is for what is whole.
    const percent = `${Math.floor(part * 100)} %`;
    this.#parts.progress.value = part;
    this.#parts.percent.textContent = percent;
    this.#parts.bytes.textContent =
      done || sentBytes === 0 ? bytesText(file.size) : `${bytesText(sentBytes)} of ${bytesText(file.size)}`;
    this.#parts.speed.textContent = rate > 0 ? `${bytesText(rate)}/s` : '';
    this.#parts.left.textContent = rate > 0 ? `${durationText((file.size - sentBytes) / rate)} left` : '';
    this.#parts.problem.hidden = !problem;
    this.#parts.problem.textContent = problemText(this.#upload);
    if (state === 'waiting') {
      const seconds = Math.max(0, (retryAt - Date.now()) / 1000);
      this.#parts.problem.append(` Trying again in ${durationText(seconds)}.`);
    }
    // The countdown and a speed that has died away change without an event.
    if (state === 'waiting' || state === 'uploading') this.#timer = setTimeout(() => this.#show(), 1_000);
  }
}

/** The address of a finished file, if it is one of this server's. */
function sameOrigin(path) {
  if (!path) return null;
  const url = new URL(path, document.baseURI);
  return url.origin === location.origin ? url.href : null;
}

let count = 0;

function add(files) {
  for (const file of files) {
    const upload = new ChunkedUpload(file);
    const row = new Row(upload, ++count);
    rows.set(upload, row);
    find('uploads').append(row.element);
    lanes.submit(upload);
  }
  if (files.length > 0) say(files.length === 1 ? '1 file added.' : `${files.length} files added.`);
  showTotals();
}

function clearOver() {
  for (const [upload, row] of rows) {
    if (!OVER.has(upload.state)) continue;
    row.element.remove();
    rows.delete(upload);
    lanes.forget(upload);
  }
  find('list-title').focus();
  say('Finished and cancelled files cleared from the list.');
  showTotals();
}

function showTotals() {
  const uploads = [...rows.keys()];
  const over = uploads.filter((upload) => OVER.has(upload.state)).length;
  const failed = uploads.filter((upload) => upload.state === 'failed').length;
  find('empty').hidden = uploads.length > 0;
  find('clear').hidden = over === 0;
  const parts = [];
  if (failed > 0) parts.push(`${failed} failed`);
  if (uploads.length > over + failed) parts.push(`${uploads.length - over - failed} to go`);
  const state = parts.join(', ') || (over > 0 ? 'All finished' : 'Upload files');
  document.title = `${state} – Spillway`;
}

function dropped(transfer) {
  const files = [];
  for (const item of transfer.items) {
    if (item.kind !== 'file') continue;
    const file = item.getAsFile();
    // A folder pretends to be a file that cannot be read.
    if (item.webkitGetAsEntry?.()?.isDirectory) {
      showNotice(`“\u2068${file?.name ?? ''}\u2069” is a folder and was left out. Choose the files in it instead.`);
    } else if (file) {
      files.push(file);
    }
  }
  add(files);
}

/** For what belongs to no file's row: seen under the choice, and spoken. */
function showNotice(text) {
  find('notice').textContent = text;
  find('notice').hidden = false;
  say(text);
}

function listenForDrops() {
  const over = (on) => find('drop').classList.toggle('over', on);
  // On the whole page: a drop that misses would make the browser leave it.
  addEventListener('dragover', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    over(true);
  });
  addEventListener('dragleave', (event) => event.relatedTarget === null && over(false));
  addEventListener('drop', (event) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    over(false);
    find('notice').hidden = true;
    dropped(event.dataTransfer);
  });
}

find('files').addEventListener('change', ({ target }) => {
  find('notice').hidden = true;
  add([...target.files]);
  target.value = ''; // or choosing the same file again would not be a change
});
find('clear').addEventListener('click', clearOver);
listenForDrops();
addEventListener('online', () => {
  for (const upload of rows.keys()) {
    if (upload.state === 'failed' && upload.problem.network) lanes.submit(upload);
    else upload.wake();
  }
});
addEventListener('beforeunload', (event) => {
  if ([...rows.keys()].some((upload) => !OVER.has(upload.state) && upload.state !== 'failed')) event.preventDefault();
});
find('starting').hidden = true;
find('app').hidden = false;
