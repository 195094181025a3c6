/** Numbers, durations and states in words. Nothing in here knows of the page. */

const UNITS = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Bytes in IEC units with three significant digits; 1000 to 1023 keep their unit and have four. */
export function bytesText(bytes) {
  let unit = 0;
  let value = bytes;
  for (; value >= 1023.5 && unit < UNITS.length - 1; unit++) value /= 1024;
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return bytes === 1 ? '1 byte' : `${value.toFixed(digits)} ${UNITS[unit]}`;
}

/** Bytes of bytes, with the unit said once when both have the same. */
export function bytesOfText(part, whole) {
  const [some, someUnit] = bytesText(part).split(' ');
  const [all, unit] = bytesText(whole).split(' ');
  return someUnit === unit ? `${some} of ${all} ${unit}` : `${some} ${someUnit} of ${all} ${unit}`;
}

/** A countdown: exact to the second, in its two largest units. */
export function durationText(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A forecast: only as exact as it can be, so that it does not flicker; null when there is none. */
export function leftText(seconds) {
  if (seconds === null || !Number.isFinite(seconds) || seconds < 0) return null;
  if (seconds < 10) return 'a few seconds left';
  if (seconds <= 55) return `${Math.ceil(seconds / 5) * 5} s left`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 60) return `${minutes} min left`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min left`;
  const hours = Math.ceil(minutes / 60);
  return `${counted(Math.floor(hours / 24), 'day')} ${hours % 24} h left`;
}

/** Rounded down: 100 % is for what is whole. */
export function percentText(part, whole, done) {
  const share = whole > 0 ? part / whole : Number(done);
  return `${Math.floor(share * 100)} %`;
}

/** 1 file, 2 files, 2,000 files. */
export function counted(number, noun) {
  return `${numberText(number)} ${noun}${number === 1 ? '' : 's'}`;
}

export function numberText(number) {
  return number.toLocaleString('en');
}

/** Ends in a full stop, unless it ends a sentence already. */
export const sentence = (text) => (/[.!?…]$/.test(text) ? text : `${text}.`);

/** Isolates keep a right-to-left or trick name from turning the words around it. */
export const isolated = (name) => `\u2068${name}\u2069`;

/**
 * What each state is called, its shape and level, which group of the list it belongs to, and what the two buttons of
 * its row do; a missing one is hidden.
 */
export const STATES = Object.freeze({
  queued: { word: 'In the queue', icon: '○', level: 'idle', group: 'going', toggle: 'Pause', cancel: 'Cancel' },
  starting: { word: 'Starting', icon: '●', level: 'info', group: 'going', toggle: 'Pause', cancel: 'Cancel' },
  uploading: { word: 'Uploading', icon: '●', level: 'info', group: 'going', toggle: 'Pause', cancel: 'Cancel' },
  waiting: {
    word: 'Waiting to try again', icon: '▲', level: 'warning', group: 'going', toggle: 'Pause', cancel: 'Cancel',
  },
  elsewhere: {
    word: 'Uploading in another tab', icon: '●', level: 'idle', group: 'going', toggle: 'Pause', cancel: 'Cancel',
  },
  finishing: { word: 'Finishing', icon: '●', level: 'info', group: 'going' },
  publishing: { word: 'Safe on the server, which stores it', icon: '●', level: 'info', group: 'going' },
  completed: { word: 'Finished', icon: '✓', level: 'ok', group: 'over' },
  paused: { word: 'Paused', icon: '○', level: 'idle', group: 'going', toggle: 'Resume', cancel: 'Cancel' },
  'needs-file': {
    word: 'Needs the file', icon: '▲', level: 'warning', group: 'attention', toggle: 'Resume', cancel: 'Cancel',
  },
  failed: { word: 'Failed', icon: '✕', level: 'critical', group: 'attention', toggle: 'Retry', cancel: 'Cancel' },
  cancelling: { word: 'Cancelling', icon: '○', level: 'idle', group: 'going' },
  cancelled: { word: 'Cancelled', icon: '○', level: 'idle', group: 'over', toggle: 'Upload again' },
});

export const CHOOSE_AGAIN = 'Choose the file again';

/** What the first button of a row does; empty when there is none. */
export function toggleText({ state, problem, canAskForFile }) {
  if (state === 'needs-file' && !canAskForFile) return CHOOSE_AGAIN;
  if (state === 'failed' && problem?.code === 'unreadable') return CHOOSE_AGAIN;
  return STATES[state].toggle ?? '';
}
