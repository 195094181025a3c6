import { bytesOfText, counted, durationText, sentence } from './upload-words.js';

const ALONE = 'It goes on by itself.';
const LOST = 'What was sent is no longer there.';
const LATER = 'Press Retry in a few minutes.';
const OWNER = 'Tell whoever runs this server, and press Retry when it is cured.';
const FAULT = { title: 'The server has a fault', waiting: ALONE, failed: OWNER };
const GONE = { title: 'The server no longer has this upload', failed: 'Press Retry to send it from the beginning.' };
const REFUSED = {
  title: 'The server refuses this page', why: 'You may have been signed out.',
  failed: 'Sign in again or reload the page, then press Retry.',
};

/**
 * By problem code: what to call it, what happened (without it, the problem's own words), and what to do while it waits
 * and after it has failed. Codes that are missing speak for themselves.
 */
const ACCOUNTS = {
  network: {
    title: 'No connection', why: 'The server could not be reached.', waiting: ALONE,
    failed: 'Check your connection, then press Retry.',
  },
  offline: {
    title: 'You are offline', why: '', waiting: 'It goes on by itself when the connection is back.',
    failed: 'Press Retry when the connection is back.',
  },
  busy: { title: 'The server is busy', why: 'Many uploads arrive at once.', waiting: ALONE, failed: LATER },
  'memory-critical': { title: 'The server is short of memory', why: '', waiting: ALONE, failed: LATER },
  'client-limit': {
    title: 'Too much at once from here', waiting: 'It goes on when others of yours have ended.',
    failed: 'Wait until others have ended, or cancel some. Then press Retry.',
  },
  draining: {
    title: 'The server takes nothing new', why: 'It is about to be restarted or taken out of service.',
    waiting: ALONE, failed: LATER,
  },
  'too-slow': {
    title: 'The line is too slow', why: 'A piece took longer than the server waits.',
    waiting: 'Smaller pieces are tried by themselves.', failed: 'Press Retry where the connection is better.',
  },
  'catalog-unavailable': { ...FAULT, why: 'It cannot get at its list of uploads.' },
  'storage-unavailable': { ...FAULT, why: 'It could not write to its storage.' },
  internal: { ...FAULT, why: 'It failed while it worked on this file.' },
  'disk-full': {
    title: 'The server’s disk is full', why: '', waiting: 'It goes on when there is room.', failed: OWNER,
  },
  'checksum-mismatch': {
    title: 'A piece arrived damaged', why: 'The checksum told, and the piece was thrown away.',
    waiting: 'It is sent again by itself.',
    failed: 'Something on the way changes data: press Retry on another connection.',
  },
  unreadable: {
    title: 'The file cannot be read',
    why: 'It was moved, renamed, changed or removed after you chose it, or its drive is gone.',
    failed: 'Put it back and choose it again.',
  },
  changed: {
    title: 'The file has changed', why: 'It differs from what was sent before.',
    kept: 'What was sent before is of no use.', failed: 'Press Retry to send it as it is now, from the beginning.',
  },
  gone: GONE,
  'upload-expired': GONE,
  'upload-cancelled': GONE,
  'upload-not-found': GONE,
  'upload-too-large': {
    title: 'The file is too large', why: 'It is larger than this server takes.',
    failed: 'Ask whoever runs the server for a higher limit, or send it in parts. Then cancel this upload.',
  },
  'cross-site': REFUSED,
  unexpected: { failed: 'You may have been signed out: reload the page. Then press Retry.' },
};

/**
 * The account of an upload that waits, has failed or needs its file: four texts, each of which may be empty.
 *
 * @returns {{what: string, why: string, kept: string, todo: string}|null} what happened in a few words, how it came,
 *   what of the file is safe, and what to do; null when nothing is wrong
 */
export function accountOf(upload) {
  const { state, problem } = upload;
  if (state === 'needs-file') return interrupted(upload);
  if (state === 'elsewhere') {
    return { what: '', why: 'It goes on here when the other tab is closed or stops.', kept: '', todo: '' };
  }
  if (!problem || !['waiting', 'failed', 'cancelled'].includes(state)) return null;
  if (state === 'cancelled') {
    const why = 'The server could not be told; it removes unfinished uploads by itself after a while.';
    return { what: 'Cancelled here.', why, kept: '', todo: '' };
  }
  const known = knownOf(problem);
  return {
    what: sentence(known.title ?? problem.title),
    why: joined(known.why ?? problem.detail, state === 'failed' && attempts(upload)),
    kept: known.kept ?? kept(upload),
    todo: state === 'waiting' ? known.waiting ?? ALONE : cure(known, problem),
  };
}

function knownOf({ code, status }) {
  if ([401, 403].includes(status)) return REFUSED;
  return Object.hasOwn(ACCOUNTS, code) ? ACCOUNTS[code] : {};
}

function interrupted({ problem, receivedBytes, size, canAskForFile }) {
  const gone = problem?.gone ?? false;
  return {
    what: 'It was interrupted.',
    why: '',
    kept: gone ? LOST : safe(receivedBytes, size),
    todo: canAskForFile
      ? 'Press Resume; the browser may ask whether this page may read the file again.'
      : `Choose the same file again, and ${gone ? 'all of it' : 'only the rest'} is sent.`,
  };
}

function attempts({ failures }) {
  return failures > 1 ? `Given up after ${counted(failures, 'attempt')} without progress` : '';
}

function kept({ problem, receivedBytes, size }) {
  return problem.gone ? LOST : safe(receivedBytes, size);
}

function safe(receivedBytes, size) {
  if (receivedBytes >= size && size > 0) return 'All of it has arrived.';
  return receivedBytes > 0 ? `${bytesOfText(receivedBytes, size)} are safe on the server.` : 'Nothing had arrived yet.';
}

function cure(known, problem) {
  const wait = problem.retryAfterMs ? `The server asks to wait ${durationText(problem.retryAfterMs / 1000)}.` : '';
  if (known.failed) return joined(wait, known.failed);
  if (problem.gone) return GONE.failed;
  if (problem.retryable) return joined(wait, LATER);
  return 'Trying again helps only when something has been changed: ask whoever runs this server.';
}

function joined(...texts) {
  return texts.filter(Boolean).map(sentence).join(' ');
}

/** An account as one text. */
export function accountText(account) {
  return account ? [account.what, account.why, account.kept, account.todo].filter(Boolean).join(' ') : '';
}

/** What holds for all files, from the client's LineStatus: empty when all is well. */
export function lineText({ circuit, retryAt, online }, now) {
  if (!online) return 'You are offline. Everything goes on by itself when the connection is back.';
  if (circuit === 'closed') return '';
  const waits = circuit === 'open' && retryAt > now;
  const next = waits ? `Next try in ${durationText((retryAt - now) / 1000)}.` : 'Trying now…';
  return `The server does not answer, or takes nothing at the moment. What has arrived is safe. ${next}`;
}
