import assert from 'node:assert/strict';
import test from 'node:test';
import { Voice, announcement } from '../../main/webapp/assets/upload-voice.js';

const event = (kind, name, text) => ({ kind, name, text });

/** A voice whose time is moved by hand; what it says is in `said`, with the time. */
function spoken() {
  const said = [];
  let time = 0;
  let timer = null;
  const region = { set textContent(text) { said.push([time, text]); } };
  const after = (ms, callback) => (timer = { at: time + ms, callback });
  const voice = new Voice(region, { now: () => time, after, gatherMs: 400, pauseMs: 4000 });
  const pass = (ms) => {
    const end = time + ms;
    while (timer && timer.at <= end) {
      const { at, callback } = timer;
      timer = null;
      time = at;
      callback();
    }
    time = end;
  };
  return { voice, said, pass };
}

test('a single result is told by name, set apart from the words around it', () => {
  assert.equal(announcement([event('completed', 'a.mov')]), '\u2068a.mov\u2069: Finished.');
  assert.equal(announcement([event('failed', 'a.mov', 'No connection.')]), '\u2068a.mov\u2069: Failed. No connection.');
});

test('many results are counted, and what needs somebody comes first', () => {
  const events = [
    ...Array.from({ length: 30 }, (_, i) => event('completed', `${i}`)), event('failed', 'x', 'The disk is full.'),
  ];
  assert.equal(announcement(events), '\u2068x\u2069: Failed. The disk is full. 30 files finished.');
});

test('of many notes the last ones are said', () => {
  const notes = ['one', 'two', 'three', 'four'].map((text) => ({ kind: 'note', text }));
  assert.equal(announcement(notes), 'two three four');
});

test('what comes close together is said together', () => {
  const { voice, said, pass } = spoken();
  voice.note('3 files added.');
  pass(300);
  voice.note('One is in the list already.');
  pass(99);
  assert.deepEqual(said, []);
  pass(1);
  assert.deepEqual(said, [[400, '3 files added. One is in the list already.']]);
});

test('a flood of results is said with pauses', () => {
  const { voice, said, pass } = spoken();
  for (let i = 0; i < 600; i++) {
    voice.result({ name: `${i}` }, 'completed');
    pass(100);
  }
  assert.ok(said.length <= 16, `${said.length} announcements in a minute`);
  assert.match(said[1][1], /^\d+ files finished\.$/);
});

test('nothing is lost in a flood', () => {
  const { voice, said, pass } = spoken();
  for (let i = 0; i < 100; i++) {
    voice.result({ name: `${i}` }, 'completed');
    pass(100);
  }
  pass(10_000);
  const counts = said.map(([, text]) => Number(/^(\d+) files/.exec(text)?.[1] ?? text.split('Finished').length - 1));
  assert.equal(counts.reduce((a, b) => a + b), 100);
});

test('of a file only its last result is said', () => {
  const { voice, said, pass } = spoken();
  const upload = { name: 'a' };
  voice.result(upload, 'paused');
  voice.result(upload, 'cancelled');
  pass(400);
  assert.deepEqual(said, [[400, '\u2068a\u2069: Cancelled.']]);
});
