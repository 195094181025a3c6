import assert from 'node:assert/strict';
import test from 'node:test';
import { accountOf, accountText, lineText } from '../../main/webapp/assets/upload-problems.js';

const GIB = 1024 ** 3;
const CODES = [
  'network', 'offline', 'unreadable', 'changed', 'gone', 'http', 'unexpected', 'unfinished', 'busy', 'draining',
  'memory-critical', 'too-slow', 'catalog-unavailable', 'storage-unavailable', 'disk-full', 'client-limit', 'internal',
  'checksum-mismatch', 'upload-expired', 'upload-cancelled', 'upload-not-found', 'upload-too-large', 'cross-site',
  'wrong-state', 'superseded', 'invalid-field', 'constructor',
];

function problem(code, fields = {}) {
  return {
    title: `Title of ${code}`, detail: 'What the server says.', code, status: 503, retryable: true, retryAfterMs: null,
    gone: false, ...fields,
  };
}

function upload(state, code, fields = {}) {
  const { receivedBytes = GIB, failures = 0, ...rest } = fields;
  return { state, size: 4 * GIB, receivedBytes, failures, canAskForFile: false, problem: code && problem(code, rest) };
}

test('every failure says what happened, what was kept and what to do', () => {
  for (const code of CODES) {
    for (const state of ['waiting', 'failed']) {
      const { what, kept, todo } = accountOf(upload(state, code));
      for (const text of [what, kept, todo]) assert.match(text, /^[A-Z0-9].*[.!…]$/s, `${state} ${code}: ${text}`);
      assert.doesNotMatch(accountText(accountOf(upload(state, code))), /undefined|null|\[object/);
    }
  }
});

test('a code that nobody knows is told in the words of the server', () => {
  const text = accountText(accountOf(upload('failed', 'brand-new', { retryable: false })));
  assert.equal(text, 'Title of brand-new. What the server says. 1.00 of 4.00 GiB are safe on the server. ' +
    'Trying again helps only when something has been changed: ask whoever runs this server.');
});

test('what waits goes on by itself', () => {
  assert.equal(accountOf(upload('waiting', 'network')).todo, 'It goes on by itself.');
});

test('what has failed needs a press', () => {
  assert.equal(accountOf(upload('failed', 'network')).todo, 'Check your connection, then press Retry.');
});

test('a server that asks to wait is quoted', () => {
  const { todo } = accountOf(upload('failed', 'disk-full', { retryAfterMs: 1_200_000 }));
  assert.match(todo, /^The server asks to wait 20 min 0 s\./);
});

test('what is gone is not called safe', () => {
  const account = accountOf(upload('failed', 'upload-expired', { gone: true, retryable: false }));
  assert.equal(account.kept, 'What was sent is no longer there.');
  assert.equal(account.todo, 'Press Retry to send it from the beginning.');
});

test('before the first byte nothing is called safe', () => {
  assert.equal(accountOf(upload('failed', 'network', { receivedBytes: 0 })).kept, 'Nothing had arrived yet.');
});

test('attempts are counted when it was given up', () => {
  assert.match(accountOf(upload('failed', 'network', { failures: 10 })).why, /Given up after 10 attempts/);
  assert.doesNotMatch(accountOf(upload('waiting', 'network', { failures: 10 })).why, /Given up/);
});

test('a refusal without a known code is a matter of being signed in', () => {
  const account = accountOf(upload('failed', 'http', { status: 401, retryable: false }));
  assert.match(account.todo, /^Sign in again/);
});

test('an interrupted file says how to go on', () => {
  assert.match(accountOf(upload('needs-file')).todo, /Choose the same file again/);
  assert.match(accountOf({ ...upload('needs-file'), canAskForFile: true }).todo, /Press Resume/);
});

test('an interrupted file of which nothing is left says that all of it is sent', () => {
  const { kept, todo } = accountOf(upload('needs-file', 'upload-expired', { gone: true }));
  assert.equal(kept, 'What was sent is no longer there.');
  assert.equal(todo, 'Choose the same file again, and all of it is sent.');
});

test('what is all right has no account', () => {
  for (const state of ['queued', 'starting', 'uploading', 'finishing', 'completed', 'paused', 'cancelled']) {
    assert.equal(accountOf(upload(state)), null);
  }
  assert.equal(accountText(null), '');
});

test('a cancel that the server has not heard of is owned up to', () => {
  assert.match(accountText(accountOf(upload('cancelled', 'network'))), /Cancelled here\. The server could not be told/);
});

test('the line is only spoken of when something is wrong', () => {
  const line = { circuit: 'closed', retryAt: 0, online: true };
  assert.equal(lineText(line, 0), '');
  assert.match(lineText({ ...line, online: false }, 0), /^You are offline\./);
  assert.match(lineText({ ...line, circuit: 'open', retryAt: 12_000 }, 0), /Next try in 12 s\.$/);
  assert.match(lineText({ ...line, circuit: 'open', retryAt: 12_000 }, 12_000), /Trying now…$/);
  assert.match(lineText({ ...line, circuit: 'probing' }, 0), /Trying now…$/);
});
