/** Why something failed: in words for people, in a code for programs, and whether trying again can help. */
export class UploadProblem extends Error {
  constructor({ title, detail = '', code, status = 0, retryable = false, retryAfterMs = null }) {
    super(detail ? `${title}: ${detail}` : title);
    this.name = 'UploadProblem';
    Object.assign(this, { title, detail, code, status, retryable, retryAfterMs });
  }

  /** The server no longer has the upload, so trying again means starting again. */
  get gone() {
    // A bare 404 may come from a proxy or a server that is being redeployed; it proves nothing.
    return this.code === 'gone' || ([404, 410].includes(this.status) && this.code !== 'http');
  }

  /** There was no answer at all. */
  get network() {
    return this.code === 'network' || this.code === 'offline';
  }
}

/** What asking again cures, whatever the answer says of the very same request: it shows where the upload stands. */
const CURED_BY_ASKING = new Set(['upload-incomplete', 'superseded', 'wrong-state']);

/** What a proxy or a gateway says of its own way to the server (RFC 9110, 15.5.9, 15.6; RFC 6585, 4). */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

export function networkProblem(detail = 'The server could not be reached. What it has received is kept.') {
  return new UploadProblem({ title: 'No connection', detail, code: 'network', retryable: true });
}

export function unexpected(detail) {
  return new UploadProblem({ title: 'The server gave an unexpected answer', detail, code: 'unexpected' });
}

export function changedFile() {
  return new UploadProblem({
    title: 'The file has changed',
    detail: 'It is not the file whose first part was sent. Nothing wrong was kept. Retry sends all of it.',
    code: 'changed',
  });
}

/**
 * An answer that is not a success, as a problem: RFC 9457 when the server wrote it, else what can be told.
 *
 * @param {{status: number, type: string|null, text: string, retryAfter: string|null}} answer
 * @param {number} now milliseconds since 1970
 */
export function problemOf({ status, type, text, retryAfter }, now) {
  const body = /^application\/problem\+json\b/i.test(type ?? '') ? parsed(text) : null;
  if (typeof body?.title !== 'string' || typeof body.code !== 'string') {
    return withoutReason(status, retryAfterMs(retryAfter, now));
  }
  return new UploadProblem({
    title: body.title,
    detail: typeof body.detail === 'string' ? body.detail : '',
    code: body.code,
    status,
    retryable: body.retryable === true || CURED_BY_ASKING.has(body.code),
    retryAfterMs: retryAfterMs(retryAfter, now) ?? retryAfterMs(body.retryAfter, now),
  });
}

function withoutReason(status, askedMs) {
  if (status === 401 || status === 403) {
    const title = status === 401 ? 'You are not signed in' : 'You may not upload here';
    return new UploadProblem({ title, detail: 'Sign in again, then retry.', code: 'http', status });
  }
  return new UploadProblem({
    title: `The server answered ${status}`,
    detail: 'It gave no reason. A proxy on the way may have answered in its place.',
    code: 'http',
    status,
    retryable: PASSING.has(status),
    retryAfterMs: askedMs,
  });
}

/** The wait a Retry-After asks for, in seconds or as a date (RFC 9110, 10.2.3); null when there is none. */
export function retryAfterMs(value, now) {
  const text = String(value ?? '').trim();
  if (/^\d+(\.\d+)?$/.test(text)) {
    return Number(text) * 1000;
  }
  const date = text ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}

/** JSON, or null. */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
