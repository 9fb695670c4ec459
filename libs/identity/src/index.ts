export { AccessChangeLog } from './access-changes/access-change-log.js';
export { identityEvents } from './access-changes/access-changes.consumer.js';
export { isWellFormedApiKey, mintApiKey } from './api-key.js';
export { bearerToken } from './bearer-token.js';
export { Authenticated, Caller, Permit, Public } from './decorators.js';
export { IdentityModule, type IdentityOptions } from './identity.module.js';
export { JwksSource } from './jwks-source.js';
export { TokenVerifier } from './token-verifier.js';
