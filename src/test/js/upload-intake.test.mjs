import assert from 'node:assert/strict';
import test from 'node:test';
import { Intake } from '../../main/webapp/assets/upload-intake.js';
import { SpillwayClient } from './fake-client.js';

const chosen = (name, size = 3, path = null) => ({ file: new File(['x'.repeat(size)], name), handle: null, path });

/** An intake with a client that has these uploads; what it tells is in `told`. */
function intake(...uploads) {
  const client = new SpillwayClient();
  const told = [];
  for (const upload of uploads) client.put(upload);
  return { client, told, intake: new Intake(client, Promise.resolve(), (words) => told.push(words)) };
}

const found = (...files) => ({ files, notices: [] });

test('new files are only said, because their rows show them', async () => {
  const { intake: taking, told } = intake();
  await taking.take(found(chosen('a'), chosen('b')));
  assert.deepEqual(told, [{ shown: [], spoken: ['2 files added.'] }]);
});

test('choices are taken one after the other', async () => {
  const { intake: taking, client } = intake();
  let open;
  const first = taking.take(new Promise((resolve) => (open = resolve)));
  const second = taking.take(found(chosen('b')));
  open(found(chosen('a')));
  await Promise.all([first, second]);
  assert.deepEqual(client.added.map(({ name }) => name), ['a', 'b']);
});

test('a file that is in the list already is told', async () => {
  const { intake: taking, told, client } = intake({ name: 'a', size: 3, state: 'uploading' });
  await taking.take(found(chosen('a')));
  assert.deepEqual(told[0].shown, ['“\u2068a\u2069” is in the list already.']);
  assert.equal(client.uploads.length, 1);
});

test('the same file twice in one choice is told', async () => {
  const { intake: taking, told } = intake();
  await taking.take(found(chosen('a'), chosen('a')));
  assert.deepEqual(told[0], { shown: ['“\u2068a\u2069” is in the list already.'], spoken: ['1 file added.'] });
});

test('many interrupted files go on with one choice', async () => {
  const names = ['a', 'b', 'c'];
  const { intake: taking, told, client } = intake(...names.map((name) => ({ name, size: 3, state: 'needs-file' })));
  await taking.take(found(...names.map((name) => chosen(name))));
  assert.deepEqual(client.uploads.map(({ state }) => state), ['queued', 'queued', 'queued']);
  assert.deepEqual(told, [{ shown: ['3 files go on.'], spoken: [] }]);
});

test('a file that came in a folder may be chosen again by itself', async () => {
  const { intake: taking, client } = intake({ name: 'a', path: 'trip/a', size: 3, state: 'needs-file' });
  await taking.take(found(chosen('a')));
  assert.deepEqual(client.added.map(({ path }) => path), ['trip/a']);
  assert.equal(client.uploads[0].state, 'queued');
});

test('it is not guessed which of two folders a file is from', async () => {
  const { intake: taking, client } = intake(
    { name: 'a', path: 'x/a', size: 3, state: 'needs-file' }, { name: 'a', path: 'y/a', size: 3, state: 'needs-file' },
  );
  await taking.take(found(chosen('a')));
  assert.deepEqual(client.added.map(({ path }) => path), ['a']);
});

test('another file than the one that was asked for is told', async () => {
  const { intake: taking, client, told } = intake({ name: 'a', size: 3, state: 'needs-file' });
  await taking.take(found(chosen('b')), client.uploads[0]);
  assert.match(told[0].shown[0], /^That was not “\u2068a\u2069” as it was/);
});

test('a file that could not be read is tried again when it is chosen again', async () => {
  const { intake: taking, client } = intake({ name: 'a', size: 3, state: 'failed' });
  client.add = async () => client.uploads[0];
  await taking.take(found(chosen('a')));
  assert.equal(client.uploads[0].state, 'queued');
});

test('nothing is handed over before earlier uploads are back', async () => {
  const client = new SpillwayClient();
  let back;
  const taking = new Intake(client, new Promise((resolve) => (back = resolve)), () => {});
  const taken = taking.take(found(chosen('a')));
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(client.added.length, 0);
  back();
  await taken;
  assert.equal(client.added.length, 1);
});

test('a client that cannot take a file does not stop the others', async () => {
  const { intake: taking, client, told } = intake();
  const { add } = client;
  client.add = async (file, options) => {
    if (file.name === 'a') throw new Error('no');
    return add.call(client, file, options);
  };
  await taking.take(found(chosen('a'), chosen('b')));
  assert.deepEqual(told[0], { shown: ['1 file could not be added.'], spoken: ['1 file added.'] });
});

test('a search that fails does not stop later choices', async () => {
  const { intake: taking, client } = intake();
  await taking.take(Promise.reject(new Error('no'))).catch(() => {});
  await taking.take(found(chosen('b')));
  assert.equal(client.added.length, 1);
});
