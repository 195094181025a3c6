/**
 * Keeps what somebody points at, or has the keyboard's focus in, where it is while rows around it grow and shrink.
 * Scroll anchoring does so only for what is above the window, and not in every browser. Belongs to the page.
 */
export class Stillness {
  #list;
  #room;
  #grown = new Set();
  // A finger that has tapped leaves a hover behind, which says nothing of where it will tap next.
  touched = matchMedia('(hover: none) and (pointer: coarse)');

  /** @param room an empty element under the list, made taller when there is nothing left to scroll */
  constructor(list, room) {
    this.#list = list;
    this.#room = room;
  }

  /** Whether somebody is about to use a row: then rows may grow, and nothing else. */
  get held() {
    const pointed = !this.touched.matches && this.#list.matches(':hover');
    return pointed || this.#list.querySelector(':focus-visible') !== null;
  }

  /** Does something to rows, or to what is above them, without moving the row that counts. */
  change(rows, apply) {
    const anchor = this.#anchor();
    const before = anchor?.getBoundingClientRect().top;
    if (this.held) rows.forEach((row) => this.#onlyGrow(row));
    apply();
    if (anchor?.isConnected) this.#follow(anchor.getBoundingClientRect().top - before);
  }

  /** Takes back what was only needed to keep things in place. To be called when nothing is held. */
  release() {
    if (this.#grown.size > 0) {
      this.change([], () => this.#grown.forEach((row) => (row.style.minBlockSize = '')));
      this.#grown.clear();
    }
    const unused = document.documentElement.scrollHeight - innerHeight - scrollY;
    if (this.#room.offsetHeight > 0 && unused >= this.#room.offsetHeight) this.#room.style.blockSize = '';
  }

  #onlyGrow(row) {
    if (row.hidden || !row.isConnected) return;
    row.style.minBlockSize = `${row.getBoundingClientRect().height}px`;
    this.#grown.add(row);
  }

  #anchor() {
    const pointed = this.touched.matches ? null : this.#list.querySelector(':scope > :hover');
    const focused = this.#list.querySelector(':focus-visible')?.closest('li');
    if (pointed ?? focused) return pointed ?? focused;
    // Nobody is in the list; once it is scrolled, what is read first there stays.
    return scrollY > 0 ? document.elementFromPoint(innerWidth / 2, innerHeight / 2)?.closest('li.upload') : null;
  }

  #follow(moved) {
    if (Math.abs(moved) < 1) return;
    const missing = scrollY + moved + innerHeight - document.documentElement.scrollHeight;
    if (missing > 0) this.#room.style.blockSize = `${this.#room.offsetHeight + Math.ceil(missing)}px`;
    scrollBy({ top: moved, behavior: 'instant' });
  }
}
