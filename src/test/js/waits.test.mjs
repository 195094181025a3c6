import assert from 'node:assert/strict';
import test from 'node:test';
import { orAborted, sleep, within } from '../../main/webapp/assets/client/waits.js';

const never = () => new Promise(() => {});

test('a sleep ends early, without an error, when its signal is aborted', async () => {
  const nap = new AbortController();
  const sleeping = sleep(1e9, nap.signal);
  nap.abort();
  await sleeping;
  await sleep(1e9, nap.signal);
});

test('an aborted wait rejects with the reason, at once', async () => {
  const run = new AbortController();
  const waiting = orAborted(never(), run.signal);
  run.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
  await assert.rejects(orAborted(never(), run.signal), /enough/);
});

test('a wait that is not aborted comes to what the promise comes to', async () => {
  const { signal } = new AbortController();
  assert.equal(await orAborted(Promise.resolve(7), signal), 7);
  await assert.rejects(orAborted(Promise.reject(new Error('no')), undefined), /no/);
});

test('what comes in time is given, and the watch on it ends', async () => {
  let watched = null;
  const wait = (ms, signal) => {
    watched = signal;
    return never();
  };
  assert.equal(await within(Promise.resolve(7), 1000, wait), 7);
  assert.ok(watched.aborted);
});

test('what does not come in time is an error', async () => {
  await assert.rejects(within(never(), 1000, async () => {}), /nothing for 1000 ms/);
});
