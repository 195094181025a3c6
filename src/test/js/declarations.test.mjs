import test from 'node:test';
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';

import * as client from '../../main/webapp/assets/client/spillway-client.js';

const DECLARATIONS = new URL('../../main/webapp/assets/client/spillway-client.d.ts', import.meta.url);
const text = (await readFile(DECLARATIONS, 'utf8')).replace(/\/\*\*.*?\*\//gs, '');

/** Class → its own members that are declared, without what every event target has. */
const CLASSES = new Map(
  [...text.matchAll(/^export class (\w+)[^{]*\{(.*?)^\}/gms)].map(([, name, body]) => [name, membersOf(body)]),
);

function membersOf(body) {
  const members = [...body.matchAll(/^ {2}(?:readonly |get )?(\w+)\??[(:]/gm)].map(([, name]) => name);
  return [...new Set(members)].filter((name) => name !== 'constructor' && name !== 'addEventListener');
}

/** What has nothing to run, so that there is nothing to export. */
const TYPES = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name]) => name);

test('the module exports what is declared and nothing else', () => {
  assert.deepEqual(Object.keys(client).sort(), [...CLASSES.keys()].sort());
  const declared = [...text.matchAll(/^export \w+ (\w+)/gm)].map(([, name]) => name);
  assert.deepEqual(declared.sort(), [...CLASSES.keys(), ...TYPES].sort(), 'every declaration is a class or a type');
});

test('every declared member of a class is there', () => {
  const problem = new client.UploadProblem({ title: 'a', code: 'b' });
  for (const [name, members] of CLASSES) {
    assert.ok(members.length > 3, `${name} has members: ${members}`);
    const where = name === 'UploadProblem' ? problem : client[name].prototype;
    assert.deepEqual(members.filter((member) => !(member in where)), [], `declared of ${name}, and not there`);
  }
});

test('every member of the client that is there is declared', () => {
  const there = Object.getOwnPropertyNames(client.SpillwayClient.prototype).filter((name) => name !== 'constructor');
  assert.deepEqual(there.sort(), CLASSES.get('SpillwayClient').sort());
});
