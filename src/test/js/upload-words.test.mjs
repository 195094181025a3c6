import assert from 'node:assert/strict';
import test from 'node:test';
import {
  CHOOSE_AGAIN, STATES, bytesOfText, bytesText, counted, durationText, leftText, percentText, toggleText,
} from '../../main/webapp/assets/upload-words.js';

const MIB = 1024 ** 2;

test('bytes have three significant digits and IEC units', () => {
  const expected = {
    '0 bytes': 0, '1 byte': 1, '1023 bytes': 1023, '1.00 KiB': 1024, '9.99 KiB': 10_230, '10.0 KiB': 10_240,
    '1023 KiB': 1023 * 1024, '1.00 MiB': MIB, '300 GiB': 300 * 1024 ** 3, '1.00 TiB': 1024 ** 4,
    '2048 PiB': 2 * 1024 ** 6,
  };
  for (const [text, bytes] of Object.entries(expected)) assert.equal(bytesText(bytes), text);
});

test('a unit that both have is said once', () => {
  assert.equal(bytesOfText(290 * MIB, 412 * MIB), '290 of 412 MiB');
  assert.equal(bytesOfText(205 * MIB, 1.3 * 1024 * MIB), '205 MiB of 1.30 GiB');
  assert.equal(bytesOfText(0, 0), '0 of 0 bytes');
});

test('a countdown is exact', () => {
  assert.deepEqual([-1, 0, 0.2, 59.5, 61, 3599, 3600, 90_000].map(durationText),
    ['0 s', '0 s', '1 s', '1 min 0 s', '1 min 1 s', '59 min 59 s', '1 h 0 min', '25 h 0 min']);
});

test('a forecast is only as exact as it can be', () => {
  assert.deepEqual([0, 9.9, 11, 55, 56, 61, 3599, 3661, 86_399, 86_400, 300_000].map(leftText), [
    'a few seconds left', 'a few seconds left', '15 s left', '55 s left', '1 min left', '2 min left', '1 h 0 min left',
    '1 h 2 min left', '1 day 0 h left', '1 day 0 h left', '3 days 12 h left',
  ]);
});

test('without a speed there is no forecast', () => {
  assert.deepEqual([null, Infinity, NaN, -1].map(leftText), [null, null, null, null]);
});

test('100 % is for what is whole', () => {
  assert.equal(percentText(999, 1000, false), '99 %');
  assert.equal(percentText(1000, 1000, false), '100 %');
  assert.equal(percentText(0, 0, false), '0 %');
  assert.equal(percentText(0, 0, true), '100 %');
});

test('numbers are counted in English', () => {
  assert.deepEqual([0, 1, 2000].map((n) => counted(n, 'file')), ['0 files', '1 file', '2,000 files']);
});

test('every state of the client has words, a shape, a level and a group', () => {
  const states = [
    'queued', 'starting', 'uploading', 'waiting', 'elsewhere', 'finishing', 'publishing', 'completed', 'paused', 'needs-file',
    'failed', 'cancelling', 'cancelled',
  ];
  assert.deepEqual(Object.keys(STATES).sort(), states.sort());
  for (const { word, icon, level, group } of Object.values(STATES)) assert.ok(word && icon && level && group);
});

test('a file that has to be chosen again says so on its button', () => {
  assert.equal(toggleText({ state: 'needs-file', canAskForFile: false }), CHOOSE_AGAIN);
  assert.equal(toggleText({ state: 'needs-file', canAskForFile: true }), 'Resume');
  assert.equal(toggleText({ state: 'failed', problem: { code: 'unreadable' } }), CHOOSE_AGAIN);
  assert.equal(toggleText({ state: 'failed', problem: { code: 'network' } }), 'Retry');
  assert.equal(toggleText({ state: 'finishing' }), '');
});
