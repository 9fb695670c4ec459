import type { Clock } from '@parley/resilience';
import { affinityScore } from './affinity.js';
import { mostTelling } from './failover.js';
import type { Lane } from './lane.js';
import type { Offer, ModelAddress } from './offer.js';
import type { AnswerKind } from './pace.js';
import type { Route } from './route.js';

/** What there is to know of a question in order to choose who is asked. */
export interface Planned {
  /** As the caller named it. */
  readonly model: string;
  readonly kind: AnswerKind;
  /** Names how it begins; absent where nothing of it is kept in a prompt cache. */
  readonly beginning?: () => string;
}

/** A target that was found, and its share. */
interface Candidate extends ModelAddress {
  readonly weight: number;
}

/** Lanes that follow one another in any order, and how much they are preferred. */
interface Ranked {
  readonly lanes: readonly Lane[];
  readonly score: number;
}

/** Finds out who can answer, and in which order they are to be asked. */
export class Planner {
  constructor(
    private readonly offer: Offer,
    private readonly clock: Clock,
    private readonly random: () => number,
  ) {}

  /** At least one. @throws AppError model.not_found, service.unavailable */
  async plan(question: Planned, route: Route | undefined): Promise<readonly Lane[]> {
    if (!route) return lanesOf(await this.offer.find(question.model));
    const candidates = await this.candidates(route);
    if (route.strategy === 'ordered') return candidates.flatMap(lanesOf);
    return this.ranked(question, route.strategy, candidates)
      .map((ranked) => ({ ...ranked, avoided: Number(isAvoided(ranked)) }))
      .sort((a, b) => a.avoided - b.avoided || b.score - a.score)
      .flatMap(({ lanes }) => lanes);
  }

  /** A target that is not there any more is left out. @throws why none of them is there */
  private async candidates({ targets }: Route): Promise<Candidate[]> {
    const found = await Promise.allSettled(targets.map(async ({ model }) => this.offer.find(model)));
    const missing = found.flatMap((address) => (address.status === 'rejected' ? [address.reason as unknown] : []));
    if (missing.length === targets.length) throw mostTelling(missing);
    return found.flatMap((address, index) =>
      address.status === 'fulfilled' ? [{ ...address.value, weight: targets[index]?.weight ?? 1 }] : [],
    );
  }

  private ranked(
    { kind, beginning }: Planned,
    strategy: Exclude<Route['strategy'], 'ordered'>,
    candidates: readonly Candidate[],
  ): Ranked[] {
    if (strategy === 'cache_affinity' && beginning) {
      const question = beginning();
      // Credentials may be of different accounts, and each account has a cache of its own.
      return candidates.flatMap((candidate) =>
        lanesOf(candidate).map((lane) => ({
          lanes: [lane],
          score: affinityScore(question, lane.label, candidate.weight),
        })),
      );
    }
    const now = this.clock.now();
    return candidates.map((candidate) => {
      const lanes = lanesOf(candidate);
      const score =
        strategy === 'fastest'
          ? -Math.min(...lanes.map(({ pace }) => pace.expectedMs(kind, now)))
          : drawn(candidate.weight, this.random());
      return { lanes, score };
    });
  }
}

const lanesOf = ({ provider, model }: ModelAddress): Lane[] => provider.lanes(model);

const isAvoided = ({ lanes }: Ranked): boolean => lanes.every((lane) => lane.isAvoided);

/** The largest of these is each one’s with the chance of its weight (Efraimidis and Spirakis, 2006). */
const drawn = (weight: number, random: number): number => random ** (1 / weight);
