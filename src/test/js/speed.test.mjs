import assert from 'node:assert/strict';
import test from 'node:test';
import { SpeedMeter } from '../../main/webapp/assets/client/speed.js';

test('speed is that of the last seconds and dies away', () => {
  const meter = new SpeedMeter(5_000);
  for (let second = 0; second <= 10; second++) meter.add(second * second * 100, second * 1_000);
  assert.equal(meter.rate(10_000), 1_500);
  assert.equal(meter.rate(16_000), 0);
});

test('one sample is no speed', () => {
  const meter = new SpeedMeter();
  meter.add(1_000, 0);
  assert.equal(meter.rate(100), 0);
});

test('a total that falls is no negative speed', () => {
  const meter = new SpeedMeter();
  meter.add(5_000, 0);
  meter.add(1_000, 1_000);
  assert.equal(meter.rate(1_000), 0);
});

test('samples that come too close together are left out', () => {
  const meter = new SpeedMeter();
  meter.add(0, 0);
  meter.add(900_000, 100);
  assert.equal(meter.rate(100), 0);
});

test('a clock that was set back does not stop the measuring', () => {
  const meter = new SpeedMeter();
  meter.add(0, 3_600_000);
  meter.add(1_000, 0);
  meter.add(2_000, 1_000);
  assert.equal(meter.rate(1_000), 1_000);
});

test('after a reset nothing of before counts', () => {
  const meter = new SpeedMeter();
  meter.add(0, 0);
  meter.reset();
  meter.add(9_000, 1_000);
  assert.equal(meter.rate(1_000), 0);
});
