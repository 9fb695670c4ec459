export { isWellFormedApiKey, mintApiKey } from './api-key.js';
export { bearerToken } from './bearer-token.js';
export { Authenticated, Caller, Permit, Public } from './decorators.js';
export { IdentityModule, type IdentityOptions } from './identity.module.js';
export { JwksSource } from './jwks-source.js';
export { RevokedKeys } from './revoked-keys.js';
export { TokenVerifier } from './token-verifier.js';
