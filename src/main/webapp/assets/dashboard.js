import { drawCharts } from './charts.js';
import { Verdict, localTimes, say, show } from './live.js';
import { Poller } from './poller.js';
import { utc } from './units.js';

const data = document.body.dataset;
const find = (id) => document.getElementById(id);

/** What stays in this browser; where storage is forbidden, a choice lasts as long as the page. */
function kept(name) {
  try {
    return localStorage.getItem(`spillway.${name}`);
  } catch {
    return null;
  }
}

function keep(name, value) {
  try {
    localStorage.setItem(`spillway.${name}`, value);
  } catch {
    // as said above
  }
}

const charts = drawCharts();
const verdict = new Verdict();
const server = { instance: data.instance, seq: Number(data.seq), at: Number(data.at) };
const poller = new Poller(address, Number(data.interval));

function address() {
  const query = new URLSearchParams({ window: data.window, seq: server.seq });
  const since = charts ? charts.last : server.at; // a page without charts wants no points
  if (since) query.set('since', since);
  return `${data.root ?? ''}/dashboard/data/overview.json?${query}`;
}

function answered({ detail: answer }) {
  const restarted = answer.instance !== server.instance || answer.seq < server.seq;
  const news = restarted || answer.seq > server.seq;
  Object.assign(server, { instance: answer.instance, seq: answer.seq, at: answer.at });
  if (!news) return; // a server that answers and has stopped measuring is not fresh
  poller.fresh();
  show(answer);
  verdict.show(answer);
  if (charts && answer.points) charts.add(answer.points, restarted);
}

/** The line that says how old all this is, and whether that is meant to be so. */
function freshness() {
  const paused = poller.held;
  find('live').setAttribute('aria-pressed', String(!poller.holds('operator') && find('interval').value !== '0'));
  find('live').firstElementChild.textContent = paused ? '❚❚' : '●';
  const why = poller.holds('pointer') ? 'while you read a chart' : poller.holds('selection') ? 'while text is selected' : '';
  find('held').textContent = paused ? ` · paused ${why}`.trimEnd() : '';
  if (poller.stale) verdict.unknown(`${utc(server.at)} UTC`, poller.countdown);
}

function liveControl() {
  const icon = Object.assign(document.createElement('span'), { textContent: '●' });
  icon.setAttribute('aria-hidden', 'true');
  find('live').replaceChildren(icon, ' Live');
  find('updated').append(Object.assign(document.createElement('span'), { id: 'held' }));
  find('live').addEventListener('click', () => {
    if (find('interval').value === '0') return choose(data.interval);
    if (poller.holds('operator')) poller.release('operator');
    else poller.hold('operator');
  });
  find('live').hidden = false;
}

function choose(interval) {
  const options = [...find('interval').options].map((option) => option.value);
  if (!options.includes(interval)) return;
  find('interval').value = interval;
  poller.release('operator');
  poller.every(Number(interval));
}

/** A choice that stays: shown with its label, taken up again after a reload. */
function choice(id, use) {
  const select = find(id);
  const before = kept(id);
  if ([...select.options].some((option) => option.value === before)) select.value = before;
  select.addEventListener('change', () => {
    keep(id, select.value);
    use(select.value);
  });
  select.hidden = false;
  select.closest('label').hidden = false;
  return before === select.value ? before : null;
}

function controls() {
  choice('theme', (theme) => {
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
  const interval = choice('interval', choose);
  if (interval !== null) poller.every(Number(interval));
}

/** Nothing moves under a hand; but a hand that has gone to sleep does not stop the page for good. */
function holdWhileReading() {
  const patience = 12 * Number(data.interval);
  const follow = () => (document.hidden ? poller.hold('hidden') : poller.release('hidden'));
  document.addEventListener('visibilitychange', follow);
  document.addEventListener('selectionchange', () => {
    if (getSelection().isCollapsed) poller.release('selection');
    else poller.hold('selection', patience);
  });
  document.addEventListener('pointermove', ({ target }) => {
    if (target.closest?.('canvas')) poller.hold('pointer', patience);
    else poller.release('pointer');
  });
  document.documentElement.addEventListener('pointerleave', () => poller.release('pointer'));
  follow();
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    say('Copied.');
  } catch {
    say('The browser does not let this page copy.', true);
  }
}

function copyButtons() {
  // Only pages of a secure origin may write to the clipboard.
  if (!navigator.clipboard) return;
  for (const button of document.querySelectorAll('[data-copy]')) button.hidden = false;
  addEventListener('click', ({ target }) => {
    const button = target.closest?.('[data-copy]');
    if (button) copy(button);
  });
}

localTimes();
copyButtons();
liveControl();
poller.addEventListener('answer', answered);
poller.addEventListener('state', freshness);
controls();
holdWhileReading();
poller.start();
// The result of an action came with the page: no live region has changed that could speak.
if (find('result')) setTimeout(() => say(find('result').textContent.trim().replace(/\s+/g, ' ')), 500);
