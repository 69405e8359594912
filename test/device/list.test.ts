import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseDevice } from '../../engine/device/addon.js';
import { addonReason } from '../../engine/device/card-reasons.js';
import { listDevices } from '../../engine/device/list.js';
import { fakeCard } from './fixtures.js';

test('the cards that can play', async (t) => {
  const { addon } = fakeCard(t);
  assert.deepEqual(await listDevices({ addon }), {
    available: true,
    devices: ['Fake One', 'Fake Two'].map((name, id) => ({
      id,
      name,
      hostApi: 'Fake',
      outputs: 2,
      defaultRate: 48_000,
    })),
  });
});

test('no card: one line that says what to do', async (t) => {
  const list = await listDevices({ addon: fakeCard(t, { devices: [] }).addon });
  assert.equal(list.available, false);
  assert.deepEqual(list.devices, []);
  assert.match(list.reason ?? '', /^no sound card.*--device null[^\n]*$/);
});

test('package absent, library absent, anything else: each has its mend', async () => {
  const absent = await listDevices({ addon: '/nowhere/naudiodon.node' });
  assert.equal(absent.available, false);
  assert.match(
    absent.reason ?? '',
    /^sound cards need the optional package naudiodon[^\n]*npm install naudiodon[^\n]*$/,
  );
  const library = new Error('libasound.so.2: cannot open shared object file: No such file or directory');
  assert.match(addonReason(library), /libasound\.so\.2.*apt-get install libasound2/);
  assert.match(
    addonReason(new Error('wrong ELF class\nmore')),
    /cannot be loaded.*wrong ELF class\. Everything/,
  );
});

test('a device by number, name or part of a name', () => {
  const devices = ['HDA Intel: ALC (hw:0,0)', 'USB Audio', 'USB Audio Pro'].map((name, id) => ({
    id,
    name,
    hostApi: 'ALSA',
    outputs: 2,
    defaultRate: 48_000,
  }));
  assert.equal(chooseDevice(devices, 'default'), undefined);
  assert.equal(chooseDevice(devices, '1'), 1);
  assert.equal(chooseDevice(devices, 'usb audio'), 1);
  assert.equal(chooseDevice(devices, 'pro'), 2);
  assert.throws(
    () => chooseDevice(devices, 'nope'),
    /'nope'; there are: default, 0 HDA Intel.*2 USB Audio Pro/,
  );
  assert.throws(() => chooseDevice([], 'default'), /no sound card/);
});
