/** Metadata of a route (or controller): `public`, or what it demands of its caller. Set by the decorators of identity. */
export const permissionMetadata = 'parley:permission';
