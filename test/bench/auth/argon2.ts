import { libraryOf } from '../library.ts';
import { keepBusy } from '../timings.ts';
import { work } from '../worker.ts';

/**
 * The least that a login costs: the password is compared with the hash that the service keeps, by the same copy of the same
 * library, so many at a time. `argon2.ts <at a time>`; BARE_HASH and BARE_PASSWORD say which.
 */
const argon2 = libraryOf<{ verify(hash: string, password: string): Promise<boolean> }>('apps/auth', '@node-rs/argon2');
const [inFlight = 1] = process.argv.slice(2).map(Number);
const { BARE_HASH: hash = '', BARE_PASSWORD: password = '' } = process.env;

work((seconds) => keepBusy({ inFlight, seconds }, () => argon2.verify(hash, password)));
