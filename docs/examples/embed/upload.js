import { SpillwayClient } from 'https://uploads.example.com/assets/client/spillway-client.js';

const WORDS = {
  queued: 'Waiting for its turn',
  starting: 'Starting',
  uploading: 'Sending',
  waiting: 'Waiting',
  elsewhere: 'Being sent by another tab',
  finishing: 'Being verified',
  completed: 'Arrived',
  paused: 'Paused',
  'needs-file': 'Not finished: choose the file again to go on',
  failed: 'Failed',
  cancelling: 'Being cancelled',
  cancelled: 'Cancelled',
};

/** What the button beside an upload does, by state; no button in other states. */
const ACTIONS = {
  queued: ['Pause', (upload) => upload.pause()],
  starting: ['Pause', (upload) => upload.pause()],
  uploading: ['Pause', (upload) => upload.pause()],
  waiting: ['Pause', (upload) => upload.pause()],
  elsewhere: ['Pause', (upload) => upload.pause()],
  paused: ['Resume', (upload) => upload.resume()],
  'needs-file': ['Choose the file', (upload) => (upload.canAskForFile ? upload.resume() : input.click())],
  failed: ['Try again', (upload) => upload.retry()],
  cancelled: ['Send after all', (upload) => upload.retry()],
};

const CANCELLABLE = Object.keys(WORDS).filter((state) => !/^(finishing|completed|cancel)/.test(state));

const input = document.querySelector('#files');
const rows = new Map(); // upload → its row

// One client for the page. Without `endpoint` it talks to the server that it was loaded from.
const client = new SpillwayClient({ headers: tokenHeaders });

/** Asked before each request, so that a token may change while a large file is on its way. */
function tokenHeaders() {
  const token = document.querySelector('meta[name="upload-token"]').content;
  return token ? { Authorization: `Bearer ${token}` } : {};
}

client.addEventListener('added', ({ detail: upload }) => {
  addRow(upload);
  upload.addEventListener('progress', () => showProgress(upload));
});
client.addEventListener('change', ({ detail: upload }) => {
  showState(upload);
  if (upload.state === 'completed') arrived(upload);
});
client.addEventListener('line', showLine);

input.addEventListener('change', () => {
  for (const file of input.files) client.add(file, { metadata: { from: 'example' } });
  input.value = ''; // so that the same file can be chosen again
});

// What an earlier visit has left unfinished. A file that is chosen again goes on where it was.
await client.restore();
input.disabled = false;

/** Here your site would tell its own server, by a request of its own: upload.id names the file from now on. */
function arrived(upload) {
  rows.get(upload).dataset.id = upload.id;
}

function addRow(upload) {
  const row = document.querySelector('#row').content.firstElementChild.cloneNode(true);
  row.querySelector('.name').textContent = upload.path;
  row.querySelector('.toggle').addEventListener('click', () => ACTIONS[upload.state]?.[1](upload));
  row.querySelector('.cancel').addEventListener('click', () => upload.cancel());
  rows.set(upload, row);
  document.querySelector('#uploads').append(row);
}

function showState(upload) {
  const row = rows.get(upload);
  const [label] = ACTIONS[upload.state] ?? [''];
  row.dataset.state = upload.state;
  row.querySelector('.word').textContent = [WORDS[upload.state], upload.problem?.message].filter(Boolean).join(': ');
  row.querySelector('.toggle').textContent = label;
  row.querySelector('.toggle').hidden = label === '';
  row.querySelector('.cancel').hidden = !CANCELLABLE.includes(upload.state);
  showProgress(upload);
}

function showProgress(upload) {
  const done = upload.size > 0 ? upload.sentBytes / upload.size : 0;
  rows.get(upload).querySelector('progress').value = upload.state === 'completed' ? 1 : done;
}

function showLine() {
  const { online, circuit } = client.line;
  const words = { open: 'The upload server does not answer; it is tried again by itself.', closed: '' };
  document.querySelector('#line').textContent = online
    ? words[circuit] ?? 'Asking the upload server…'
    : 'You are offline. Sending goes on when you are back.';
}
