import { SpillwayClient } from './client/spillway-client.js';
import { Question } from './upload-ask.js';
import { Awake } from './upload-awake.js';
import { Chooser } from './upload-choose.js';
import { Deeds } from './upload-deeds.js';
import { Intake } from './upload-intake.js';
import { UploadList } from './upload-list.js';
import { accountOf, lineText } from './upload-problems.js';
import { Stillness } from './upload-still.js';
import { Summary } from './upload-summary.js';
import { chooseTheme } from './upload-theme.js';
import { Voice } from './upload-voice.js';
import { counted } from './upload-words.js';

const TICK_MS = 250;
const TICKS_A_SECOND = 4;
const RESTORE_MS = 2_000;
/** Only results are spoken; progress would drown everything else. */
const SPOKEN = new Set(['paused', 'waiting', 'completed', 'failed', 'cancelled']);

const find = (id) => document.getElementById(id);
const now = () => performance.now();

const client = new SpillwayClient();
const voice = new Voice(find('status'), { now, after: (ms, callback) => setTimeout(callback, ms) });
const still = new Stillness(find('uploads'), find('room'));
// The server is asked about earlier uploads, which may take long; what is chosen meanwhile need not wait for that.
const earlier = client.restore();
const intake = new Intake(client, Promise.race([earlier, new Promise((done) => setTimeout(done, RESTORE_MS))]), tell);
const chooser = new Chooser(find, intake);
const deeds = new Deeds(client, {
  choose: (upload) => chooser.chooseFiles(upload),
  question: new Question(find('ask')),
  say: (text) => voice.note(text),
});
const summary = new Summary(find, still);
const list = new UploadList({ list: find('uploads'), template: find('row'), still, acts: deeds, shown: showSums });
const awake = new Awake(find('awake'), find('awake-label'));
const lastSaid = new WeakMap(); // upload → the state that was spoken of
let lineSaid = '';
let allOver = true;
let ticks = 0;

/** What belongs to no file's row: seen under the choice, and spoken. */
function tell({ shown, spoken }) {
  showText('notice', shown.join(' '));
  for (const text of [...shown, ...spoken]) voice.note(text);
}

function showText(id, text) {
  const element = find(id);
  if (element.textContent === text) return;
  still.change([], () => {
    element.textContent = text;
    element.hidden = text === '';
  });
}

function showLine() {
  const text = lineText(client.line, Date.now());
  showText('line', text);
  // The countdown in it is not news.
  const news = text.replace(/ (Next try|Trying).*/, '');
  if (news === lineSaid) return;
  if (client.uploads.length > 0) voice.note(news || 'The connection is back.');
  lineSaid = news;
}

function showSums() {
  const totals = summary.show(client.uploads, client.line.online, list.filter);
  awake.showFor(totals.running > 0);
  awake.running = totals.running > 0;
  guardLeaving(totals.running > 0);
  if (totals.attention === 0 && list.filter === 'attention' && !still.held) show('all');
  const over = totals.files > 0 && totals.over === totals.files;
  if (over && !allOver && totals.files > 1) voice.note('Everything is finished.');
  allOver = over;
}

let guarded = false;

/** Only while it is needed: with such a listener, browsers cannot keep the page for the way back. */
function guardLeaving(needed) {
  if (needed === guarded) return;
  guarded = needed;
  if (needed) addEventListener('beforeunload', askToStay);
  else removeEventListener('beforeunload', askToStay);
}

const askToStay = (event) => event.preventDefault();

function stateChanged(upload) {
  list.changed(upload);
  const { state } = upload;
  if (state === 'waiting') showLine(); // what it waits for may hold for all
  if (!SPOKEN.has(state) || lastSaid.get(upload) === state) return;
  // What holds for all files is said once, by the line.
  if (state === 'waiting' && lineSaid !== '') return;
  lastSaid.set(upload, state);
  const account = accountOf(upload);
  voice.result(upload, state, account ? [account.what, account.todo].filter(Boolean).join(' ') : '');
}

function show(filter) {
  list.show(filter);
  showSums();
}

function clearOver() {
  still.change([], () => {
    client.clear();
    list.keepOnly(client.uploads);
  });
  // Its place in the page may be gone with the rows.
  (client.uploads.length > 0 ? find('list-title') : find('choose')).focus();
  voice.note('Finished and cancelled files cleared from the list.');
  showSums();
}

function tick() {
  const second = ticks++ % TICKS_A_SECOND === 0;
  list.tick(second);
  if (second) showLine();
  showSums();
}

function listen() {
  client.addEventListener('added', ({ detail }) => list.add(detail));
  client.addEventListener('change', ({ detail }) => stateChanged(detail));
  client.addEventListener('line', showLine);
  const clicks = {
    'pause-all': () => client.pauseAll(),
    'resume-all': () => client.resumeAll().catch(() => {}),
    'choose-again': () => chooser.chooseFiles(),
    'retry-all': () => client.retryAll(),
    'cancel-all': () => deeds.cancelAll(),
    clear: clearOver,
    attention: () => {
      show('attention');
      list.focusFirst('attention');
    },
  };
  for (const [id, act] of Object.entries(clicks)) find(id).addEventListener('click', act);
  for (const name of ['all', 'going', 'attention', 'over']) {
    find(`show-${name}`).addEventListener('click', () => show(name));
  }
}

async function start() {
  chooseTheme(find('theme'));
  listen();
  client.uploads.forEach((upload) => list.add(upload)); // those that have been there before anybody listened
  chooser.listen();
  setInterval(tick, TICK_MS);
  find('starting').hidden = true;
  find('app').hidden = false;
  const restored = await earlier.catch(() => []);
  document.body.dataset.ready = 'true';
  const needy = restored.filter(({ state }) => state === 'needs-file').length;
  if (needy > 0) voice.note(`${counted(needy, 'file')} from before ${needy === 1 ? 'needs' : 'need'} you to go on.`);
}

start();
