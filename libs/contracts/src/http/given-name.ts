import { storedText } from '../storable.js';

/** What a user calls a thing of theirs. */
export const givenName = storedText(200).regex(/^\P{Cc}*$/u, 'must have no control characters');
