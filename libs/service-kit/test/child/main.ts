import { Module } from '@nestjs/common';
import { bootstrap, defineConfig, loadConfig } from '../../src/index.js';
import { ChildController } from './child.controller.js';

@Module({ controllers: [ChildController] })
class ChildModule {}

const config = loadConfig(defineConfig({}));
await bootstrap({ service: 'child', module: ChildModule, config });
