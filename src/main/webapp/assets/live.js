import { local, utc } from './units.js';

const BEFORE = ' – ';
const GONE = 30; // rows of a list before those that are gone are taken away

const all = (selector, within = document) => within.querySelectorAll(selector);

/** Only what differs: a selection or a screen reader's place in the text stays where it is. */
function write(element, text) {
  if (text !== undefined && element.textContent !== text) element.textContent = text;
}

/** A meter's value, or the width of a bar in a drawing. */
function fill(element, share) {
  if (share === undefined) return;
  if (element.localName === 'meter' || element.localName === 'progress') {
    if (share !== null) element.value = share * element.max;
  } else {
    const full = Number(element.dataset.fullWidth);
    element.setAttribute('width', (Math.min(1, Math.max(0, share ?? 0)) * full).toFixed(1));
  }
}

function level(element, name) {
  if (name !== undefined && element.dataset.level !== name) element.dataset.level = name;
}

/** Writes the figures of an answer into the places that the server has made for them. */
export function show({ at, texts, levels, shares, rows }) {
  for (const element of all('[data-live]')) write(element, texts[element.dataset.live]);
  for (const element of all('[data-level-of]')) level(element, levels[element.dataset.levelOf]);
  for (const element of all('[data-share-of]')) fill(element, shares[element.dataset.shareOf]);
  const time = document.querySelector('#updated time');
  if (time) {
    time.dateTime = new Date(at).toISOString();
    write(time, texts.updated ?? `${utc(at)} UTC`);
  }
  for (const [name, list] of Object.entries(rows ?? {})) showRows(name, list);
}

/**
 * No row ever moves: each is updated in its place, new ones come last, those that are gone stay; where
 * they come and go all the time, only while somebody is at the table.
 */
function showRows(name, list) {
  const template = document.getElementById(`row-${name}`);
  const body = document.querySelector(`[data-rows="${name}"]`);
  if (!template || !body) return;
  const rows = new Map([...all('[data-row]', body)].map((row) => [row.dataset.row, row]));
  const gone = new Set(rows.keys());
  for (const item of list) {
    gone.delete(item.key);
    const row = rows.get(item.key) ?? newRow(template, body, item);
    if (row) showRow(row, item);
  }
  const fleeting = 'fleeting' in body.dataset && !body.matches(':hover') && !body.contains(document.activeElement);
  for (const key of gone) {
    if (fleeting) rows.get(key).remove();
    else rows.get(key).dataset.gone = '';
  }
  for (const element of all(`[data-empty="${name}"]`)) element.hidden = body.childElementCount > 0;
  tidy(body);
}

function newRow(template, body, { key, href }) {
  if (all('[data-row]', body).length > GONE) return null;
  const row = template.content.firstElementChild.cloneNode(true);
  row.dataset.row = key;
  for (const link of all('a', row)) if (href?.startsWith('/') && !href.startsWith('//')) link.setAttribute('href', href);
  for (const button of all('[data-copy]', row)) {
    button.dataset.copy = key;
    button.hidden = !navigator.clipboard;
  }
  for (const element of all('[title]', row)) element.title = key;
  body.append(row);
  return row;
}

function showRow(row, { cells = {}, levels = {}, shares = {} }) {
  delete row.dataset.gone;
  for (const cell of all('[data-cell]', row)) write(cell, cells[cell.dataset.cell]);
  for (const element of [row, ...all('[data-level-of]', row)]) level(element, levels[element.dataset.levelOf]);
  for (const element of all('[data-share-of]', row)) fill(element, shares[element.dataset.shareOf]);
}

/** A page that is open for days: when nobody is at a table, rows that are gone can go. */
function tidy(body) {
  const rows = all('[data-row]', body);
  if (rows.length <= GONE || document.querySelector('main:hover') || body.contains(document.activeElement)) return;
  for (const row of rows) if (row.dataset.gone !== undefined) row.remove();
}

/** The verdict in the title, the window's icon and, when it is another one, in speech. */
export class Verdict {
  #state = document.body.dataset.state;

  constructor() {
    // When the server is gone, its icon cannot be asked for any more.
    new Image().src = new URL('status-unknown.svg', import.meta.url).href;
  }

  show({ verdict, levels, title }) {
    this.#turn(verdict.state, levels.verdict, verdict.spoken);
    this.#entitle(title.split(BEFORE)[0]);
    delete document.body.dataset.stale;
  }

  /** The page does not know how the server is, and says so wherever it said something else. */
  unknown(since, countdown) {
    const retry = countdown > 0 ? `retrying in ${countdown} s` : 'retrying now';
    const text = `No data since ${since} – the page could not reach the server; ${retry}.`;
    this.#turn('UNKNOWN', 'unknown', `No data since ${since}. The page cannot reach the server.`);
    document.body.dataset.stale = '';
    this.#entitle('No data');
    const texts = { icon: '?', word: 'No data', headline: text, explanation: 'Everything below is as it was then.' };
    for (const [name, says] of Object.entries(texts)) {
      for (const element of all(`[data-live="verdict.${name}"]`)) write(element, says);
    }
    for (const element of all('[data-level-of="verdict"]')) level(element, 'unknown');
  }

  /** The state comes first: a narrow tab shows little more. */
  #entitle(word) {
    document.title = [word, ...document.title.split(BEFORE).slice(1)].join(BEFORE);
  }

  #turn(state, levelName, spoken) {
    if (state === this.#state) return;
    const icon = document.querySelector('link[rel="icon"]');
    icon.href = new URL(`status-${levelName}.svg`, import.meta.url).href;
    // What the page said when it was loaded has been read with it.
    if (this.#state) say(spoken, state === 'FAILING');
    this.#state = state;
  }
}

export function say(text, alarm = false) {
  document.getElementById('announce').textContent = alarm ? '' : text;
  document.getElementById('alarm').textContent = alarm ? text : '';
}

/** Pages are in UTC; the reader's own time is one hover away. */
export function localTimes() {
  const explain = ({ target }) => {
    const time = target.closest?.('time[datetime]');
    if (time) time.title = local(Date.parse(time.dateTime));
  };
  addEventListener('pointerover', explain);
  addEventListener('focusin', explain);
}
