import { STATES, counted, leftText, numberText } from './upload-words.js';

const ACTIVE = new Set(['starting', 'uploading', 'finishing']);
/** What leaving the page would interrupt; what another tab sends is not interrupted here. */
const RUNNING = new Set(['queued', 'starting', 'uploading', 'waiting', 'finishing']);
const PAUSABLE = new Set(['queued', 'starting', 'uploading', 'waiting', 'elsewhere']);
const CANCELLABLE = new Set([...PAUSABLE, 'paused', 'needs-file', 'failed']);

/**
 * The figures of all uploads together, from scratch: cheap enough for thousands, and never out of step.
 *
 * @param uploads anything iterable of what has the properties of the client's Upload
 */
export function totalsOf(uploads) {
  const totals = {
    files: 0, bytes: 0, sentBytes: 0, speed: 0, timeLeft: null, states: {}, going: 0, attention: 0, over: 0,
    active: 0, running: 0, toPause: 0, toResume: 0, toChoose: 0, toRetry: 0, toCancel: 0,
  };
  let toCome = 0;
  for (const upload of uploads) {
    const { state, size, sentBytes } = upload;
    totals.files++;
    totals[STATES[state].group]++;
    totals.states[state] = (totals.states[state] ?? 0) + 1;
    countDeeds(totals, upload);
    if (state === 'cancelled' || state === 'cancelling') continue;
    totals.bytes += size;
    totals.sentBytes += state === 'completed' ? size : sentBytes;
    if (state === 'uploading') totals.speed += upload.speed;
    if (RUNNING.has(state)) toCome += size - sentBytes;
  }
  if (totals.speed > 0) totals.timeLeft = toCome / totals.speed;
  return totals;
}

function countDeeds(totals, upload) {
  const { state } = upload;
  totals.active += Number(ACTIVE.has(state));
  totals.running += Number(RUNNING.has(state));
  totals.toPause += Number(PAUSABLE.has(state));
  totals.toResume += Number(state === 'paused' || (state === 'needs-file' && upload.canAskForFile));
  totals.toChoose += Number(state === 'needs-file' && !upload.canAskForFile);
  totals.toRetry += Number(state === 'failed');
  totals.toCancel += Number(CANCELLABLE.has(state));
}

/**
 * The one sentence about all of it.
 *
 * @returns {{level: string, icon: string, text: string}}
 */
export function headline(totals, online = true) {
  const done = totals.states.completed ?? 0;
  const kept = totals.files - (totals.states.cancelled ?? 0);
  const progress = `${numberText(done)} of ${numberText(kept)} finished`;
  if (totals.running > 0 && !online) return say('warning', `Offline – ${progress}`);
  if (totals.active > 0) return say('info', `Uploading – ${progress}`);
  if (totals.running > 0) return say('warning', `Waiting to try again – ${progress}`);
  if (totals.states.cancelling) return say('idle', 'Cancelling');
  if (totals.states.publishing) return say('info', `All sent; the server stores it – ${progress}`);
  if (totals.states.elsewhere) return say('idle', `Uploading in another tab – ${progress}`);
  if (totals.states.paused) return say('idle', `Paused – ${progress}`);
  if (totals.states.failed) return say('critical', `Stopped – ${progress}`);
  if (totals.attention > 0) return say('warning', `Interrupted – ${progress}`);
  if (done === 0) return say('idle', 'Cancelled');
  return say('ok', `Finished – ${done === 1 ? 'the file has' : `all ${counted(done, 'file')} have`} arrived`);
}

const ICONS = { info: '●', idle: '○', ok: '✓', warning: '▲', critical: '✕' };
const say = (level, text) => ({ level, icon: ICONS[level], text });

/** 1 needs you, 2 need you; empty when none does. */
export function attentionText(number) {
  return number === 0 ? '' : `${numberText(number)} ${number === 1 ? 'needs' : 'need'} you`;
}

/** For the title of the window, where only the first words are seen. */
export function titleText(totals) {
  const parts = [];
  if (totals.attention > 0) parts.push(attentionText(totals.attention));
  if (totals.running > 0 && totals.bytes > 0) parts.push(`${Math.floor((totals.sentBytes / totals.bytes) * 100)} %`);
  if (totals.going > 0) parts.push(`${numberText(totals.going)} to go`);
  if (parts.length === 0) parts.push(totals.states.completed ? 'All finished' : 'Upload files');
  return `${parts.join(', ')} – Spillway`;
}

/** The time left of everything, or why it cannot be told; empty when nothing runs. */
export function totalLeftText(totals) {
  return totals.active > 0 ? leftText(totals.timeLeft) ?? '' : '';
}
