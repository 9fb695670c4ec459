export { serviceClientConfig, type ServiceClientConfig } from './config.js';
export { HttpJwksSource } from './http-jwks-source.js';
export { ServiceClient, type CallOptions } from './call/service-client.js';
export { ServiceClientModule, type ServiceClientModuleOptions } from './service-client.module.js';
export type { HeaderChanges } from './proxy/headers.js';
export { ServiceProxy, type ForwardOptions, type UpgradeOptions } from './proxy/service-proxy.js';
