import type { RecordingServer } from '../recording-server.ts';
import type { Group } from './feature.ts';
import { answered, asked } from './features.ts';
import { probeAnswered, probeAsked, type Cell } from './probe.ts';
import type { Surface } from './surfaces.ts';
import { targetsAt, type Target } from './targets.ts';

interface Row {
  readonly feature: string;
  /** One per target; undefined where the dialect has no words for it, or the provider never says it. */
  readonly cells: readonly (Cell | undefined)[];
}

/** One table: what becomes of features in one dialect, by provider. */
export interface Table {
  readonly surface: Surface;
  readonly about: 'requests' | 'answers';
  readonly groups: readonly Group<Row>[];
}

type Probe<Feature> = (
  row: Feature,
  surface: Surface,
  target: Target,
  server: RecordingServer,
) => Promise<Cell | undefined>;

/** The row, unless nobody has words for it. */
async function probed<Feature extends { feature: string }>(
  row: Feature,
  probe: (target: Target) => Promise<Cell | undefined>,
  targets: readonly Target[],
): Promise<Row[]> {
  const cells: (Cell | undefined)[] = [];
  // One after the other: the server knows one request, the last.
  for (const target of targets) cells.push(await probe(target));
  return cells.some((cell) => cell !== undefined) ? [{ feature: row.feature, cells }] : [];
}

async function rowsOf<Feature extends { feature: string }>(
  groups: readonly Group<Feature>[],
  surface: Surface,
  probe: Probe<Feature>,
  targets: readonly Target[],
  server: RecordingServer,
): Promise<Group<Row>[]> {
  const rows: Group<Row>[] = [];
  for (const { title, rows: features } of groups) {
    const found: Row[] = [];
    for (const row of features) {
      found.push(...(await probed(row, (target) => probe(row, surface, target, server), targets)));
    }
    if (found.length > 0) rows.push({ title, rows: found });
  }
  return rows;
}

/** Probes every feature in every dialect with every provider. */
export async function matrixOf(surfaces: readonly Surface[], server: RecordingServer): Promise<Table[]> {
  const targets = targetsAt(server.url);
  const tables: Table[] = [];
  for (const surface of surfaces) {
    tables.push(
      { surface, about: 'requests', groups: await rowsOf(asked, surface, probeAsked, targets, server) },
      { surface, about: 'answers', groups: await rowsOf(answered, surface, probeAnswered, targets, server) },
    );
  }
  await Promise.all(targets.map(({ provider }) => provider.close()));
  return tables;
}
