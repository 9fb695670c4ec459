import { z } from 'zod';

/** An exact amount in US dollars: a decimal of at most twelve places, which one token at a price per million may need. */
export const dollarAmount = z.string().regex(/^\d{1,24}(\.\d{1,12})?$/, 'must be a decimal such as "0.25"');

/** US dollars per million tokens: a decimal of at most six places. */
export const dollarsPerMillion = z.string().regex(/^\d{1,6}(\.\d{1,6})?$/, 'must be a decimal such as "0.25"');
