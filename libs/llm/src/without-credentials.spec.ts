import { expect, it } from '@jest/globals';
import { withoutCredentials } from './without-credentials.js';

it.each([
  ['Incorrect API key provided: sk-proj-abc123**********wxyz. See the docs.', 'sk-proj-abc123**********wxyz'],
  ['invalid x-api-key: 0123456789abcdef', '0123456789abcdef'],
  ['header Authorization: "Bearer some.opaque-token" is malformed', 'some.opaque-token'],
  ['the key sk-ant-api03-abcdef_ghijkl has no access', 'sk-ant-api03-abcdef_ghijkl'],
  ['token eyJhbGciOiJFUzI1NiJ9.e30.c2ln has expired', 'eyJhbGciOiJFUzI1NiJ9.e30.c2ln'],
  ['API key not valid: AIzaSyA-0123456789abcdefg', 'AIzaSyA-0123456789abcdefg'],
])('a credential in a sentence is not passed on: %s', (sentence, credential) => {
  const redacted = withoutCredentials(sentence);
  expect(redacted).not.toContain(credential);
  expect(redacted).toContain('[redacted]');
});

it.each([
  'max_tokens: 100000 > 64000, which is the maximum allowed number of output tokens for this model',
  'messages.2.content.0: unexpected `tool_use_id` found in `tool_result` blocks: toolu_01A09q90qw90lq917835lq9',
  "Unsupported parameter: 'temperature' is not supported with this model.",
  'tools.0.custom.input_schema.properties: Property keys should match pattern ^[a-zA-Z0-9_.-]{1,64}$',
])('what is wrong with the request is passed on as it is: %s', (sentence) => {
  expect(withoutCredentials(sentence)).toBe(sentence);
});
