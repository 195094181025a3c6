import { accountOf } from './upload-problems.js';
import { STATES, bytesOfText, bytesText, durationText, leftText, percentText, toggleText } from './upload-words.js';

/** The row of one upload: shows how it stands and passes its buttons on. Belongs to the list. */
export class Row {
  upload;
  element;
  #parts = {};
  #shown = new Map(); // what was written last, so that nothing is touched that has not changed
  #acts;

  /** @param acts `toggle(upload)`, `cancel(upload)`, `copy(upload)`: what the buttons do */
  constructor(upload, template, acts) {
    this.upload = upload;
    this.#acts = acts;
    this.element = template.content.firstElementChild.cloneNode(true);
    for (const part of this.element.querySelectorAll('[class]')) this.#parts[part.classList[0]] = part;
    const { name, folder, bar, toggle, cancel, copy } = this.#parts;
    name.textContent = upload.name;
    const inFolder = upload.path.endsWith(`/${upload.name}`);
    folder.textContent = inFolder ? upload.path.slice(0, -upload.name.length) : '';
    folder.hidden = !inFolder;
    bar.setAttribute('aria-label', upload.path);
    toggle.addEventListener('click', () => acts.toggle(upload));
    cancel.addEventListener('click', () => acts.cancel(upload));
    copy.addEventListener('click', () => this.#copy());
  }

  get state() {
    return this.element.dataset.state;
  }

  get group() {
    return STATES[this.upload.state].group;
  }

  /** Everything, after a change of state. */
  showState(now) {
    const { upload } = this;
    const { word, icon, level, cancel } = STATES[upload.state];
    const parts = this.#parts;
    const focused = [parts.toggle, parts.cancel].find((button) => button === document.activeElement);
    this.element.dataset.state = upload.state;
    this.element.dataset.level = level;
    // From then on there is room for its speed, whether it has one or not.
    if (upload.state === 'uploading') this.element.classList.add('begun');
    this.#write('icon', icon);
    this.#write('word', word);
    this.#label('toggle', toggleText(upload));
    this.#label('cancel', cancel ?? '');
    parts.actions.hidden = parts.toggle.hidden && parts.cancel.hidden;
    parts.result.hidden = upload.state !== 'completed';
    if (upload.state === 'completed') this.#showResult();
    this.#showAccount();
    this.showFigures(now);
    if (focused?.hidden) this.#refocus();
  }

  /** What moves while it stays in its state. */
  showFigures(now) {
    const { state, size, sentBytes, speed, timeLeft, retryAt } = this.upload;
    const done = state === 'completed';
    const moving = state === 'uploading' && speed > 0;
    const share = size > 0 ? sentBytes / size : Number(done);
    if (this.#shown.get('bar') !== share) this.#parts.bar.value = share;
    this.#shown.set('bar', share);
    this.#write('percent', percentText(sentBytes, size, done));
    this.#write('bytes', done || sentBytes === 0 ? bytesText(size) : bytesOfText(sentBytes, size));
    this.#write('speed', moving ? `${bytesText(speed)}/s` : '');
    this.#write('left', (moving && leftText(timeLeft)) || '');
    const wait = state === 'waiting' && retryAt > now;
    this.#write('next', wait ? `Next try in ${durationText((retryAt - now) / 1000)}.` : '');
  }

  #showAccount() {
    const account = accountOf(this.upload);
    this.#parts.problem.hidden = account === null;
    for (const part of ['what', 'why', 'kept', 'todo']) this.#write(part, account?.[part] ?? '');
  }

  #showResult() {
    const { link, crc32c, path } = this.upload;
    const { link: anchor, copy } = this.#parts;
    this.#write('crc', crc32c ?? 'not given');
    copy.hidden = crc32c === null;
    copy.setAttribute('aria-label', `Copy the checksum of ${path}`);
    const url = sameOrigin(link);
    if (url) anchor.href = url;
    anchor.setAttribute('aria-label', `Download ${path}`);
  }

  #label(part, text) {
    const button = this.#parts[part];
    button.hidden = text === '';
    if (text === '' || this.#shown.get(part) === text) return;
    this.#write(part, text);
    // Tells one "Cancel" from the next where the row around it is not seen.
    button.setAttribute('aria-label', `${text}: ${this.upload.path}`);
  }

  #write(part, text) {
    if (this.#shown.get(part) === text) return;
    this.#shown.set(part, text);
    this.#parts[part].textContent = text;
  }

  /** A button that vanishes must not take the keyboard's place in the page with it. */
  #refocus() {
    const { toggle, cancel, link } = this.#parts;
    const next = this.upload.state === 'completed' ? link : [toggle, cancel].find((button) => !button.hidden);
    (next ?? this.element).focus();
  }

  async #copy() {
    const done = await this.#acts.copy(this.upload, this.#parts.crc);
    this.#write('copy', done ? 'Copied' : 'Selected');
    setTimeout(() => this.#write('copy', 'Copy'), 2_000);
  }
}

/** The address of a finished file, if it is one of this server's. */
function sameOrigin(path) {
  if (!path) return null;
  const url = new URL(path, document.baseURI);
  return url.origin === location.origin ? url.href : null;
}
