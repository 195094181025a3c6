import { Row } from './upload-row.js';

const FLUSH_MS = 100;

/**
 * The rows of all uploads, in the order in which they were added; no row ever changes its place. Rows out of sight
 * are not written to while bytes move. Belongs to the page.
 */
export class UploadList {
  #rows = new Map(); // upload → row
  #byElement = new WeakMap();
  #changed = new Set(); // rows whose state is to be shown
  #moved = new Set(); // rows whose figures are to be shown
  #unsettled = new Set(); // rows that are to be made small or put out of the filter when nobody is in the list
  #inSight = new Set();
  #flushedAt = 0;
  #flushing = null;
  #filter = 'all';
  #sight = new IntersectionObserver((entries) => this.#seen(entries), { rootMargin: '200px' });

  /** @param page `list`, `template`, `still`, `acts` of the rows, and `shown()`, called when rows have changed */
  constructor(page) {
    this.page = page;
  }

  get filter() {
    return this.#filter;
  }

  /** Shows an upload; one that is shown already stays as it is. */
  add(upload) {
    if (this.#rows.has(upload)) return;
    const row = new Row(upload, this.page.template, this.page.acts);
    this.#rows.set(upload, row);
    this.#byElement.set(row.element, row);
    upload.addEventListener('progress', () => this.#moved.add(row));
    this.changed(upload);
  }

  /** Its state is another one; shown at once, or together with others that follow closely. */
  changed(upload) {
    const row = this.#rows.get(upload);
    if (!row) return;
    this.#changed.add(row);
    const wait = this.#flushedAt + FLUSH_MS - performance.now();
    if (wait <= 0) queueMicrotask(() => this.#flush());
    else this.#flushing ??= setTimeout(() => this.#flush(), wait);
  }

  #flush() {
    clearTimeout(this.#flushing);
    this.#flushing = null;
    if (this.#changed.size === 0) return;
    this.#flushedAt = performance.now();
    const rows = [...this.#changed];
    this.#changed.clear();
    const fresh = rows.filter(({ element }) => !element.isConnected);
    this.page.still.change(rows.map(({ element }) => element), () => {
      rows.forEach((row) => this.#showState(row));
      // One at a time would lay the page out anew for each.
      this.page.list.append(...fresh.map(({ element }) => element));
    });
    for (const { element } of fresh) this.#sight.observe(element);
    this.page.shown();
  }

  #showState(row) {
    row.showState(Date.now());
    this.#unsettled.add(row);
    if (this.#fits(row)) row.element.hidden = false;
    else if (!row.element.isConnected) row.element.hidden = true;
  }

  #fits(row) {
    return this.#filter === 'all' || row.group === this.#filter;
  }

  #seen(entries) {
    for (const { target, isIntersecting } of entries) {
      const row = this.#byElement.get(target);
      if (isIntersecting) this.#inSight.add(row);
      else this.#inSight.delete(row);
      if (isIntersecting) this.#moved.add(row);
    }
  }

  /** To be called a few times a second; with `second`, also what changes with time alone is shown. */
  tick(second) {
    const now = Date.now();
    for (const row of this.#inSight) {
      const ages = second && (row.state === 'waiting' || row.state === 'uploading');
      if (this.#moved.has(row) || ages) row.showFigures(now);
    }
    this.#moved.clear();
    if (!this.page.still.held) this.#settle();
  }

  /** Nobody is in the list: finished rows become small, and rows that have left the filter's group go. */
  #settle() {
    this.page.still.release();
    // Nobody knows where a finger is about to tap: there, only what is not seen changes its size.
    const touched = this.page.still.touched.matches;
    this.#settleNow([...this.#unsettled].filter((row) => !touched || !this.#inSight.has(row)));
  }

  #settleNow(rows) {
    if (rows.length === 0) return;
    for (const row of rows) this.#unsettled.delete(row);
    this.page.still.change([], () => {
      for (const row of rows) {
        row.element.classList.toggle('settled', row.group === 'over');
        row.element.hidden = !this.#fits(row);
      }
    });
  }

  /** Shows only a group of STATES, or `all`. Rows that leave it stay until nobody is in the list. */
  show(filter) {
    this.#filter = filter;
    this.#settleNow([...this.#rows.values()]);
  }

  /** Puts the keyboard's focus into the first row of a group, on what can be done there. */
  focusFirst(group) {
    const row = [...this.#rows.values()].find((some) => some.group === group && !some.element.hidden);
    if (!row) return false;
    row.element.scrollIntoView({ block: 'nearest' });
    (row.element.querySelector('.toggle:not([hidden])') ?? row.element).focus();
    return true;
  }

  /** Takes away the rows of uploads that the client no longer has. */
  keepOnly(uploads) {
    const kept = new Set(uploads);
    for (const [upload, row] of this.#rows) {
      if (kept.has(upload)) continue;
      this.#sight.unobserve(row.element);
      for (const set of [this.#changed, this.#moved, this.#unsettled, this.#inSight]) set.delete(row);
      row.element.remove();
      this.#rows.delete(upload);
    }
  }
}
