import { afterAll, beforeAll } from '@jest/globals';
import { newPlatform, type Caller, type Platform } from './sessions-under-test.js';

/** One instance, and one who asks it, for all tests of the file that imports this. */
export let platform: Platform;
export let caller: Caller;

beforeAll(async () => {
  platform = await newPlatform();
  caller = (await platform.start()).caller();
}, 60_000);

afterAll(() => platform.stop());
