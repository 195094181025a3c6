import assert from 'node:assert/strict';
import test from 'node:test';
import { MOST_FILES, foundIn } from '../../main/webapp/assets/upload-found.js';

const transfer = (...items) => ({ items: items.map((item) => ({ kind: 'file', getAsFile: () => null, ...item })) });
const paths = ({ files }) => files.map(({ path }) => path);

/** What webkitGetAsEntry() gives; a folder hands its children out in two batches, as Chromium does. */
function entry(name, children) {
  if (!children) return { name, isFile: true, isDirectory: false, file: (done) => done(new File([''], name)) };
  const half = Math.ceil(children.length / 2);
  return {
    name, isFile: false, isDirectory: true,
    createReader() {
      const batches = [children.slice(0, half), children.slice(half)].filter((some) => some.length > 0);
      return { readEntries: (done) => done(batches.shift() ?? []) };
    },
  };
}

/** What getAsFileSystemHandle() gives. */
function handle(name, children) {
  if (!children) return { name, kind: 'file', getFile: async () => new File([''], name) };
  return { name, kind: 'directory', async *values() { yield* children; } };
}

const byEntry = (root) => ({ webkitGetAsEntry: () => root, getAsFile: () => new File([''], root.name) });
const byHandle = (root) => ({ getAsFile: () => new File([''], root.name), getAsFileSystemHandle: async () => root });

test('a file is taken as it is', async () => {
  const { files, notices } = await foundIn(transfer(byEntry(entry('a.mov'))));
  assert.deepEqual(files.map(({ file, path, handle: kept }) => [file.name, path, kept]), [['a.mov', null, null]]);
  assert.deepEqual(notices, []);
});

test('folders are searched, and paths say where a file was', async () => {
  const folder = entry('trip', [entry('a.mov'), entry('day 2', [entry('b.mov'), entry('c.mov')])]);
  const expected = ['trip/a.mov', 'trip/day 2/b.mov', 'trip/day 2/c.mov'];
  assert.deepEqual(paths(await foundIn(transfer(byEntry(folder)))), expected);
});

test('handles are kept where the browser gives them', async () => {
  const { files } = await foundIn(transfer(byHandle(handle('a.mov')), byHandle(handle('trip', [handle('b.mov')]))));
  assert.deepEqual(files.map(({ path, handle: kept }) => [path, kept.kind]), [[null, 'file'], ['trip/b.mov', 'file']]);
});

test('a handle that is refused falls back to the file', async () => {
  const item = { ...byEntry(entry('a.mov')), getAsFileSystemHandle: () => Promise.reject(new Error('no')) };
  assert.equal((await foundIn(transfer(item))).files.length, 1);
});

test('text is left alone', async () => {
  assert.equal((await foundIn(transfer({ kind: 'string' }))).files.length, 0);
});

test('an empty folder is told', async () => {
  const { notices } = await foundIn(transfer(byEntry(entry('nothing', []))));
  assert.deepEqual(notices, ['There is no file in the folder “\u2068nothing\u2069”.']);
});

test('what cannot be read is told and does not stop the rest', async () => {
  const broken = { ...entry('b'), file: (done, fail) => fail(new Error('gone')) };
  const { files, notices } = await foundIn(transfer(byEntry(entry('trip', [broken, entry('c')]))));
  assert.equal(files.length, 1);
  assert.deepEqual(notices, ['A file or folder could not be read and was left out.']);
});

test('there is a bound to what a folder may hold', async () => {
  const many = Array.from({ length: MOST_FILES + 5 }, (_, i) => handle(`${i}`));
  const { files, notices } = await foundIn(transfer(byHandle(handle('all', many))));
  assert.equal(files.length, MOST_FILES);
  assert.match(notices[0], /^Only the first 10,000 files were taken\./);
});

test('folders in folders end somewhere', async () => {
  let folder = handle('deep', [handle('treasure')]);
  for (let i = 0; i < 40; i++) folder = handle(`${i}`, [folder]);
  const { files, notices } = await foundIn(transfer(byHandle(folder)));
  assert.equal(files.length, 0);
  assert.equal(notices.length, 1);
});
