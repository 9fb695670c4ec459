import { afterAll, beforeAll } from '@jest/globals';
import { newPlatform, type Caller, type Instance, type Platform } from './sessions-under-test.js';

/** One instance, and one who asks it, for all tests of the file that imports this. */
export let platform: Platform;
export let instance: Instance;
export let caller: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  instance = await platform.start();
  caller = instance.caller();
}, 60_000);

afterAll(() => platform.stop());
