import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { newSurroundings, startExperts, type RunningExperts, type Surroundings } from './experts-under-test.js';

/** One instance for all tests of the file that imports this; before each of them the gateway forgets what it was told and asked. */
export let around: Surroundings;
export let experts: RunningExperts;

beforeAll(async () => {
  around = await newSurroundings();
  experts = await startExperts(around);
}, 60_000);
beforeEach(() => {
  around.gateway.behave({});
  around.gateway.asked.length = 0;
  around.gateway.givenUp.length = 0;
});
afterAll(async () => {
  await experts.stop();
  await around.close();
}, 30_000);

export const vote = { question: 'Which city?', options: ['Paris', 'London', 'Rome'] };
