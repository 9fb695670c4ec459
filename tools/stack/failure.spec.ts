import { expect, it } from '@jest/globals';
import { explain, sentenceFor, StackFailure } from './failure.ts';

it.each([
  ['PANIC: could not write to file "pg_wal/xlogtemp": No space left on device', 'The disk is full'],
  ['Err:1 http://archive bookworm: Temporary failure resolving host', 'check the network'],
  ['FATAL: database files are incompatible with server', 'another version of PostgreSQL'],
  ['Error: listen EADDRINUSE: address already in use 127.0.0.1:4000', 'A port it needs was taken'],
])('knows what %j means for the person who reads it', (output, sentence) => {
  expect(explain(output)).toContain(sentence);
});

it('has a sentence for what a person can mend, and none for a defect of ours', () => {
  expect(sentenceFor(new StackFailure('Port 8000 is taken.'))).toBe('Port 8000 is taken.');
  expect(sentenceFor(Object.assign(new Error('mkdir'), { code: 'EACCES' }))).toContain('PARLEY_HOME');
  expect(sentenceFor(Object.assign(new Error('write'), { code: 'ENOSPC' }))).toContain('The disk is full');
  expect(sentenceFor(new TypeError('undefined is not a function'))).toBeUndefined();
});
