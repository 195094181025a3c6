import { counted, isolated } from './upload-words.js';

/** How many results of one kind are told by name; of more, only the number can still be listened to. */
const BY_NAME = 2;
const MOST_NOTES = 3;

/** In the order in which they are said: what needs the listener first. */
const KINDS = [
  { kind: 'failed', one: 'Failed', many: 'failed' },
  { kind: 'needs-file', one: 'Needs the file', many: 'need to be chosen again' },
  { kind: 'waiting', one: 'Waiting to try again', many: 'wait to try again' },
  { kind: 'completed', one: 'Finished', many: 'finished' },
  { kind: 'paused', one: 'Paused', many: 'paused' },
  { kind: 'cancelled', one: 'Cancelled', many: 'cancelled' },
];

/**
 * What is said about events that came close together.
 *
 * @param {{kind: string, name?: string, text?: string}[]} events of kind `note`, which is said as it is, or of a state
 */
export function announcement(events) {
  const said = events.filter(({ kind }) => kind === 'note').slice(-MOST_NOTES).map(({ text }) => text);
  for (const { kind, one, many } of KINDS) {
    const some = events.filter((event) => event.kind === kind);
    if (some.length > BY_NAME) said.push(`${counted(some.length, 'file')} ${many}.`);
    else for (const { name, text } of some) said.push(`${isolated(name)}: ${one}. ${text ?? ''}`.trim());
  }
  return said.join(' ');
}

/**
 * Speaks through one polite live region, so that neither a flood of results nor one that repeats itself drowns the
 * rest: gathers for a moment, then keeps a pause. Belongs to the page.
 */
export class Voice {
  #region;
  #edge;
  #events = [];
  #timer = null;
  #quietUntil = 0;

  /** @param edge `now()` in milliseconds and `after(ms, callback)`; `gatherMs`, `pauseMs` */
  constructor(region, edge) {
    this.#region = region;
    this.#edge = { gatherMs: 400, pauseMs: 4_000, ...edge };
  }

  note(text) {
    this.#add({ kind: 'note', text });
  }

  /** Of a file, only its last result is said. */
  result(upload, kind, text = '') {
    this.#events = this.#events.filter((event) => event.upload !== upload);
    this.#add({ kind, upload, name: upload.name, text });
  }

  #add(event) {
    this.#events.push(event);
    if (this.#timer !== null) return;
    const { now, after, gatherMs } = this.#edge;
    this.#timer = after(Math.max(gatherMs, this.#quietUntil - now()), () => this.#speak());
  }

  #speak() {
    this.#timer = null;
    this.#quietUntil = this.#edge.now() + this.#edge.pauseMs;
    this.#region.textContent = announcement(this.#events.splice(0));
  }
}
