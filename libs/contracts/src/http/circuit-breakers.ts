import { z } from 'zod';
import { defineRoute, type ServiceName } from './route.js';

/** `closed`: calls pass. `open`: they are refused. `half_open`: a few pass, and decide. */
export const breakerState = z.enum(['closed', 'half_open', 'open']);
export type BreakerStateName = z.infer<typeof breakerState>;

const heldState = {
  state: breakerState,
  retry_at: z.iso.datetime().nullable().describe('From when on an open one lets a call try; null for the others'),
  counts: z
    .strictObject({
      calls: z.int(),
      failures: z.int(),
      slow: z.int(),
      refused: z.int().describe('Calls refused since it opened'),
    })
    .describe('Of a closed one, what its window counts now; else what it had counted when it opened'),
  last_change: z
    .strictObject({ at: z.iso.datetime(), from: breakerState, to: breakerState })
    .nullable()
    .describe('Null where it has been closed since it was made'),
};

/** A breaker as the instance that holds it tells of it; never shown outside as it is. */
export const heldBreaker = z
  .strictObject({
    /** `<service>/<instance>` for an instance that is called, `<provider>/<model>` for a model. */
    name: z.string(),
    /** A caller may have made the name up, so that it is not for others to read. */
    named_by_caller: z.boolean(),
    ...heldState,
  })
  .meta({ id: 'HeldBreaker' });
export type HeldBreaker = z.infer<typeof heldBreaker>;

/** The breakers of one instance. */
export const heldBreakers = z.strictObject({ data: z.array(heldBreaker) }).meta({ id: 'HeldBreakers' });
export type HeldBreakers = z.infer<typeof heldBreakers>;

export const listHeldBreakers = (service: ServiceName) =>
  defineRoute({ service, method: 'GET', path: '/internal/circuit-breakers', response: heldBreakers });

/** Answers those that it has reset, none where it has none of this name. */
export const resetHeldBreakers = (service: ServiceName) =>
  defineRoute({ service, method: 'POST', path: '/internal/circuit-breakers/:name/reset', response: heldBreakers });

/** Longest name: a model’s, behind its provider’s. */
export const breakerName = z.string().min(1).max(400);

/** What every holder of a breaker of this name says of it, under the worst state of them all. */
export const circuitBreaker = z
  .strictObject({
    name: z.string(),
    state: breakerState,
    held_by: z.array(z.strictObject({ service: z.string(), instance: z.string(), ...heldState })),
  })
  .meta({ id: 'CircuitBreaker' });
export type CircuitBreakerReport = z.infer<typeof circuitBreaker>;

const notAnswering = z
  .array(
    z.strictObject({
      service: z.string(),
      instance: z.string().nullable().describe('Null where no instance of the service is known'),
      code: z.string().describe('The error code of the call to it'),
    }),
  )
  .describe('Instances whose breakers are missing here, and why');
export type NotAnswering = z.infer<typeof notAnswering>;

export const circuitBreakerList = z
  .strictObject({ data: z.array(circuitBreaker), not_answering: notAnswering })
  .meta({ id: 'CircuitBreakerList' });
export type CircuitBreakerList = z.infer<typeof circuitBreakerList>;

export const circuitBreakerAnswer = circuitBreaker
  .extend({ not_answering: notAnswering })
  .meta({ id: 'CircuitBreakerAnswer' });
export type CircuitBreakerAnswer = z.infer<typeof circuitBreakerAnswer>;
