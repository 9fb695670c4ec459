import { describe, expect, it } from '@jest/globals';
import { defineConfig, parseConfig } from '@parley/service-kit';
import { expertFile } from './expert-file.js';

const schema = defineConfig({ EXPERTS: expertFile });
const expert = { id: 'one', name: 'One', description: 'The first.', instructions: 'Answer.' };
const read = (experts: unknown) => parseConfig(schema, { EXPERTS: JSON.stringify(experts) }).EXPERTS;

describe('the experts', () => {
  it('are at least three where none are configured', () => {
    const { EXPERTS } = parseConfig(schema, {});
    expect(EXPERTS.length).toBeGreaterThanOrEqual(3);
    expect(read(EXPERTS)).toEqual(EXPERTS);
  });

  it('need no model', () => {
    expect(read([expert, { ...expert, id: 'two', model: 'gpt-4o' }]).map(({ model }) => model)).toEqual([
      null,
      'gpt-4o',
    ]);
  });

  it.each<[unknown, RegExp]>([
    [[], /EXPERTS: Too small/],
    [[{ ...expert, id: 'No Id' }], /EXPERTS\.0\.id: must be/],
    [[expert, { ...expert, model: 'circle' }], /EXPERTS\.1\.model: must be a model that is not the circle/],
    [[expert, expert], /EXPERTS: must have an id of its own each/],
    [[{ ...expert, temperature: 1 }], /EXPERTS\.0: .*temperature/],
    [[{ id: 'one' }], /EXPERTS\.0\.name/],
  ])('are refused by name and rule: %j', (experts, message) => {
    expect(() => read(experts)).toThrow(message);
  });

  it('are refused without a word of a file that is no JSON', () => {
    expect(() => parseConfig(schema, { EXPERTS: 'secret' })).toThrow(/EXPERTS: is not valid JSON$/);
  });
});
