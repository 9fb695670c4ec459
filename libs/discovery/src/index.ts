export { discoveryConfig, type DiscoveryConfig } from './config.js';
export { Directory } from './directory.js';
export { DiscoveryModule, type DiscoveryOptions } from './discovery.module.js';
export type { AddressAnswer, AddressSource } from './address-source.js';
export type { Instance } from './instance.js';
export { LiveConfig, type SettingsSource } from './live-config.js';
