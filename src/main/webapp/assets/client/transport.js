import { networkProblem } from './problems.js';

/** How long nothing may move, in either direction, before a request is given up: as long as servers are patient. */
const STALL_MS = 90_000;

/**
 * One request over XMLHttpRequest, the only way a browser tells the progress of a request body.
 *
 * @returns {Promise<{status: number, type: string|null, retryAfter: string|null, text: string, sentMs: number,
 *   answerMs: number}>} sentMs: until the last byte of the body had left; answerMs: from then until the answer
 * @throws UploadProblem (`network`) when there is no answer; the signal's reason when it was aborted
 */
export function xhrTransport({ method, url, headers = {}, body = null, onProgress, signal, withCredentials = false }) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const xhr = new XMLHttpRequest();
    const abort = () => xhr.abort();
    const times = clock();
    const watch = watchdog(abort);
    xhr.open(method, url);
    xhr.withCredentials = withCredentials;
    xhr.setRequestHeader('Accept', 'application/json, application/problem+json');
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    // Listening to the body's way makes a request to another site ask for permission first; only chunks need it.
    if (onProgress) {
      xhr.upload.onprogress = ({ loaded }) => {
        watch.moved();
        onProgress(loaded);
      };
      xhr.upload.onload = times.sent;
    }
    xhr.onprogress = watch.moved;
    xhr.onloadend = () => {
      watch.end();
      signal?.removeEventListener('abort', abort);
    };
    xhr.onerror = () => reject(networkProblem());
    xhr.onabort = () => reject(signal?.aborted ? signal.reason : stalled());
    xhr.onload = () => resolve({ ...answerOf(xhr), ...times.end() });
    signal?.addEventListener('abort', abort);
    xhr.send(body);
  });
}

function answerOf(xhr) {
  return {
    status: xhr.status,
    type: xhr.getResponseHeader('Content-Type'),
    retryAfter: xhr.getResponseHeader('Retry-After'),
    text: xhr.responseText,
  };
}

function stalled() {
  return networkProblem(`Nothing has moved for ${STALL_MS / 1000} seconds. What the server has received is kept.`);
}

function clock() {
  const start = performance.now();
  let sent = null;
  return {
    sent: () => {
      sent = performance.now();
    },
    end: () => {
      const now = performance.now();
      return { sentMs: (sent ?? now) - start, answerMs: now - (sent ?? start) };
    },
  };
}

function watchdog(bark) {
  let timer = setTimeout(bark, STALL_MS);
  return {
    moved: () => {
      clearTimeout(timer);
      timer = setTimeout(bark, STALL_MS);
    },
    end: () => clearTimeout(timer),
  };
}
