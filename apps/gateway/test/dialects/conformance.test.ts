/** Real: dialects, and providers over HTTP to a server that records what it is asked; the official clients read the answers. */
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { matrixOf, type Table } from './conformance/matrix.ts';
import type { Cell } from './conformance/probe.ts';
import { responsesAnswers } from './conformance/responses-answers.ts';
import { responsesWords } from './conformance/responses-words.ts';
import { surfaces } from './conformance/surfaces.ts';
import { recordingServer, type RecordingServer } from './recording-server.js';

let server: RecordingServer;
let tables: Table[];

beforeAll(async () => {
  server = await recordingServer();
  tables = await matrixOf(surfaces, server);
}, 60_000);

afterAll(() => server.close());

type Named = Cell & { readonly cell: string };

const cells = (): Named[] =>
  tables.flatMap(({ surface, groups }) =>
    groups.flatMap(({ rows }) =>
      rows.flatMap(({ feature, cells: found }) =>
        found.flatMap((cell, n) => (cell ? [{ cell: `${surface.name}, ${feature}, ${n}`, ...cell }] : [])),
      ),
    ),
  );

describe('of all that a dialect can say', () => {
  it('nothing is lost in silence', () => {
    expect(cells().filter(({ outcome }) => outcome === 'lost')).toEqual([]);
    expect(cells().length).toBeGreaterThan(100);
  });

  it('each word that is kept apart from its feature has one', () => {
    const features = tables.flatMap(({ surface: { name }, groups }) =>
      name === 'responses' ? groups.flatMap(({ rows }) => rows.map(({ feature }) => feature)) : [],
    );
    expect(features).toEqual(
      expect.arrayContaining([...Object.keys(responsesWords), ...Object.keys(responsesAnswers)]),
    );
  });

  it('all that is dropped or refused is named', () => {
    expect(cells().filter(({ outcome, note }) => outcome !== 'kept' && note === '')).toEqual([]);
  });
});
