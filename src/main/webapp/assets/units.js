/** Numbers as the server writes them: three significant digits, IEC units, UTC. */

const three = (value) => (value >= 99.95 ? value.toFixed(0) : value >= 9.995 ? value.toFixed(1) : value.toFixed(2));
const short = (text) => (text.includes('.') ? text.replace(/\.?0+$/, '') : text);

export function bytes(value) {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let unit = 0;
  for (; value >= 1023.5 && unit < units.length - 1; unit++) value /= 1024;
  return `${unit === 0 ? value.toFixed(0) : short(three(value))} ${units[unit]}`;
}

export const UNITS = {
  bytes,
  rate: (value) => `${bytes(value)}/s`,
  seconds: (value) => (value < 1 ? `${short(three(value * 1000))} ms` : `${short(three(value))} s`),
  perSecond: (value) => `${short(three(value))}/s`,
  share: (value) => `${short(three(value * 100))} %`,
  count: (value) => short(three(value)),
};

/** The least that a scale tells apart, in each unit. */
const LEAST = new Map([
  [UNITS.bytes, 1],
  [UNITS.rate, 1],
  [UNITS.count, 1],
  [UNITS.seconds, 1e-5],
  [UNITS.perSecond, 0.01],
  [UNITS.share, 1e-4],
]);

/** The distance between two lines of a scale, so that there are about four of them. */
export function step(highest, unit) {
  let scale = 1;
  if (unit === UNITS.bytes || unit === UNITS.rate) while (highest / scale >= 1024) scale *= 1024;
  const least = LEAST.get(unit);
  const rough = Math.max(highest / 4, least) / scale;
  const power = 10 ** Math.floor(Math.log10(rough));
  const nice = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) * power * scale;
  return Math.ceil(nice / least - 0.001) * least;
}

const two = (number) => String(number).padStart(2, '0');

export function utc(millis, seconds = true) {
  const at = new Date(millis);
  const text = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`;
  return seconds ? `${text}:${two(at.getUTCSeconds())}` : text;
}

export const local = (millis) =>
  new Date(millis).toLocaleString([], { dateStyle: 'medium', timeStyle: 'medium' }) + ' local time';
