import assert from 'node:assert/strict';
import test from 'node:test';
import { attentionText, headline, titleText, totalLeftText, totalsOf } from '../../main/webapp/assets/upload-totals.js';

const up = (state, size = 100, sentBytes = 0, speed = 0) => ({ state, size, sentBytes, speed, canAskForFile: false });
const of = (...uploads) => totalsOf(uploads);

test('bytes of what was cancelled do not count', () => {
  const { bytes, sentBytes } = of(up('uploading', 100, 40), up('cancelled', 1000, 500), up('completed', 50, 50));
  assert.deepEqual({ bytes, sentBytes }, { bytes: 150, sentBytes: 90 });
});

test('the time left counts what is on its way, not what waits for somebody', () => {
  const totals = of(up('uploading', 100, 40, 10), up('queued', 40), up('paused', 1000), up('failed', 1000));
  assert.equal(totals.speed, 10);
  assert.equal(totals.timeLeft, 10);
});

test('without speed the time left cannot be told', () => {
  assert.equal(of(up('uploading')).timeLeft, null);
  assert.equal(totalLeftText(of(up('uploading'))), '');
});

test('the speed of what has stopped is not counted', () => {
  assert.equal(of(up('paused', 100, 10, 99)).speed, 0);
});

test('every file is in one group', () => {
  const { files, going, attention, over } = of(
    up('queued'), up('waiting'), up('paused'), up('failed'), up('needs-file'), up('completed'), up('cancelled'),
  );
  assert.deepEqual({ files, going, attention, over }, { files: 7, going: 3, attention: 2, over: 2 });
});

test('buttons for all are there only when there is something to do', () => {
  const { toPause, toResume, toRetry, toChoose, toCancel } = of(up('finishing'), up('completed'), up('cancelled'));
  assert.deepEqual([toPause, toResume, toRetry, toChoose, toCancel], [0, 0, 0, 0, 0]);
});

test('a file that the browser can ask for is resumed, another one chosen', () => {
  const totals = of({ ...up('needs-file'), canAskForFile: true }, up('needs-file'));
  assert.deepEqual([totals.toResume, totals.toChoose], [1, 1]);
});

test('only what leaving would interrupt is running', () => {
  assert.equal(of(up('completed'), up('failed'), up('needs-file'), up('cancelled'), up('elsewhere'), up('publishing')).running, 0);
  assert.equal(of(up('queued'), up('starting'), up('uploading'), up('waiting'), up('finishing')).running, 5);
});

test('one sentence says how it stands', () => {
  const cases = [
    [[up('uploading'), up('completed')], 'info', 'Uploading – 1 of 2 finished'],
    [[up('waiting'), up('completed')], 'warning', 'Waiting to try again – 1 of 2 finished'],
    [[up('publishing'), up('completed')], 'info', 'All sent; the server stores it – 1 of 2 finished'],
    [[up('paused')], 'idle', 'Paused – 0 of 1 finished'],
    [[up('elsewhere')], 'idle', 'Uploading in another tab – 0 of 1 finished'],
    [[up('failed'), up('completed')], 'critical', 'Stopped – 1 of 2 finished'],
    [[up('needs-file'), up('completed')], 'warning', 'Interrupted – 1 of 2 finished'],
    [[up('completed')], 'ok', 'Finished – the file has arrived'],
    [[up('completed'), up('completed'), up('cancelled')], 'ok', 'Finished – all 2 files have arrived'],
    [[up('cancelled')], 'idle', 'Cancelled'],
  ];
  for (const [uploads, level, text] of cases) {
    const said = headline(totalsOf(uploads));
    assert.deepEqual([said.level, said.text], [level, text]);
  }
});

test('offline is said instead of waiting', () => {
  assert.equal(headline(of(up('waiting')), false).text, 'Offline – 0 of 1 finished');
  assert.equal(headline(of(up('completed')), false).level, 'ok');
});

test('the title begins with what matters most', () => {
  assert.equal(titleText(of(up('uploading', 100, 42), up('queued', 0))), '42 %, 2 to go – Spillway');
  assert.equal(titleText(of(up('failed'), up('uploading', 100, 50))), '1 needs you, 25 %, 1 to go – Spillway');
  assert.equal(titleText(of(up('completed'))), 'All finished – Spillway');
  assert.equal(titleText(of(up('cancelled'))), 'Upload files – Spillway');
});

test('what needs somebody is counted in words', () => {
  assert.deepEqual([0, 1, 2].map(attentionText), ['', '1 needs you', '2 need you']);
});
