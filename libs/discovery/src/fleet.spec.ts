import { describe, expect, it } from '@jest/globals';
import { Fleet } from './fleet.js';
import type { Instance } from './instance.js';

const none: ReadonlySet<string> = new Set();
const instance = (id: string): Instance => ({
  id,
  service: 'auth',
  host: 'localhost',
  port: 1,
  origin: `http://${id}:1`,
  version: '1.0.0',
});
const [a, b, c] = [instance('a'), instance('b'), instance('c')];
const answer = (...instances: Instance[]) => ({ instances, continuous: true });

function newFleet(...instances: Instance[]) {
  const fleet = new Fleet();
  fleet.update(answer(...instances));
  return fleet;
}

/** A random source that walks evenly over [0, 1). */
function evenly() {
  let step = 0;
  return () => (step = (step + 0.381966) % 1);
}

function chosen(fleet: Fleet, times: number, now = 0, random = evenly(), report?: (id: string) => [number, boolean]) {
  const counts: Record<string, number> = {};
  for (let call = 0; call < times; call++) {
    const instance = fleet.choose(now, random, none);
    if (instance === undefined) throw new Error('nothing to choose');
    counts[instance.id] = (counts[instance.id] ?? 0) + 1;
    const [latencyMs, ok] = report?.(instance.id) ?? [10, true];
    fleet.report(instance, now, latencyMs, ok);
  }
  return counts;
}

describe('Fleet', () => {
  it('chooses nothing from nothing, and the only one from one', () => {
    expect(newFleet().choose(0, Math.random, none)).toBeUndefined();
    expect(newFleet(a).choose(0, () => 0.999, none)).toBe(a);
  });

  it('spreads calls over equal instances', () => {
    const counts = chosen(newFleet(a, b, c), 300);
    for (const id of ['a', 'b', 'c']) expect(counts[id]).toBeGreaterThan(60);
  });

  it('prefers the faster of two', () => {
    const fleet = newFleet(a, b);
    const counts = chosen(fleet, 100, 0, evenly(), (id) => [id === 'a' ? 5 : 500, true]);
    expect(counts['a']).toBeGreaterThan(90);
  });

  it('prefers the one with fewer calls in flight', () => {
    const fleet = newFleet(a, b);
    const inFlight = Array.from({ length: 10 }, () => fleet.choose(0, evenly(), none)?.id);
    expect(inFlight.filter((id) => id === 'a')).toHaveLength(5);
  });

  it('holds nothing against an instance whose call ended without a verdict', () => {
    const fleet = newFleet(a, b);
    for (let call = 0; call < 10; call++) {
      const instance = fleet.choose(0, evenly(), none);
      if (instance) fleet.release(instance);
    }
    const inFlight = Array.from({ length: 10 }, () => fleet.choose(0, evenly(), none)?.id);
    expect(inFlight.filter((id) => id === 'a')).toHaveLength(5);
  });

  it('avoids an instance after a failure until a second has passed, and longer after each further one', () => {
    const fleet = newFleet(a, b);
    fleet.report(a, 0, 1, false);
    expect(chosen(fleet, 20, 999)).toEqual({ b: 20 });
    expect(chosen(fleet, 20, 1_000, evenly(), (id) => [10, id !== 'a'])['a']).toBeGreaterThan(0);
    expect(chosen(fleet, 20, 2_900)).toEqual({ b: 20 });
  });

  it('takes an instance back at once when it answers well', () => {
    const fleet = newFleet(a, b);
    fleet.report(a, 0, 1, false);
    fleet.report(a, 1, 1, true);
    expect(chosen(fleet, 50, 2)['a']).toBeGreaterThan(0);
  });

  it('still chooses when every instance is avoided', () => {
    const fleet = newFleet(a, b);
    fleet.report(a, 0, 1, false);
    fleet.report(b, 0, 1, false);
    expect(fleet.choose(1, Math.random, none)).toBeDefined();
  });

  it('prefers an avoided instance to one that this call has tried', () => {
    const fleet = newFleet(a, b);
    fleet.report(a, 0, 1, false);
    expect(fleet.choose(1, Math.random, new Set(['b']))).toBe(a);
    expect(fleet.choose(1, Math.random, new Set(['a', 'b']))).toBeDefined();
  });

  it('tries an instance again whose slowness is long ago', () => {
    const fleet = newFleet(a, b);
    fleet.report(a, 0, 2_000, true);
    fleet.report(b, 0, 10, true);
    expect(chosen(fleet, 50, 100)).toEqual({ b: 50 });
    expect(chosen(fleet, 50, 120_000)['a']).toBeGreaterThan(0);
  });

  it('drops an instance that its source no longer lists', () => {
    const fleet = newFleet(a, b);
    fleet.update(answer(b));
    expect(fleet.instances).toEqual([b]);
  });

  it('keeps what it measured of an instance over an update, and forgets it when the address changes', () => {
    const fleet = newFleet(a, b);
    fleet.report(a, 0, 1, false);
    fleet.update(answer(a, b, c));
    expect(chosen(fleet, 30, 500)['a']).toBeUndefined();
    const moved = { ...a, origin: 'http://elsewhere:1' };
    fleet.update(answer(moved, b));
    expect(chosen(fleet, 30, 500)['a']).toBeGreaterThan(0);
  });

  it('believes an empty answer that follows from the one before', () => {
    const fleet = newFleet(a);
    fleet.update(answer());
    expect(fleet.instances).toEqual([]);
  });

  describe('when its source has lost its memory', () => {
    const lost = { instances: [], continuous: false };

    it('keeps the working set over empty answers until something is listed', () => {
      const fleet = newFleet(a, b);
      fleet.update(lost);
      fleet.update(answer());
      expect(fleet.instances).toEqual([a, b]);
      fleet.update(answer(b));
      expect(fleet.instances).toEqual([b]);
    });

    it('drops an instance that proves dead by three failures in a row', () => {
      const fleet = newFleet(a, b);
      fleet.update(lost);
      fleet.report(a, 0, 1, false);
      fleet.report(a, 0, 1, false);
      expect(fleet.instances).toEqual([a, b]);
      fleet.report(a, 0, 1, false);
      expect(fleet.instances).toEqual([b]);
    });
  });
});
