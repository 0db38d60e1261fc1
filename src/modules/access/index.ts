import { Role } from '../../graph/access.js';
import type { Module } from '../../graph/module.js';
import { nodeSource } from '../../graph/node.js';
import { API_KEY_SUBJECT } from '../../graph/live/key-watch.js';
import { historyOf } from '../history/index.js';
import { ApiKeyResolver, ViewerResolver } from './access.resolver.js';
import { ApiKeyEntity } from './api-key.entity.js';
import { apiKeysById } from './api-key.loaders.js';
import { API_KEY_PREFIX, ApiKeyType } from './api-key.type.js';

/** Who may ask: API keys and the viewers behind them. */
export const access: Module = {
  name: 'access',
  resolvers: [
    ViewerResolver,
    ApiKeyResolver,
    historyOf(ApiKeyType, { kind: API_KEY_SUBJECT, type: 'ApiKey', prefix: API_KEY_PREFIX, roles: [Role.ADMIN] }),
  ],
  entities: [ApiKeyEntity],
  nodes: [nodeSource(API_KEY_PREFIX, apiKeysById, [Role.ADMIN])],
};

export { createApiKey } from './actions/create-api-key.js';
export { admitGivenKey } from './actions/admit-given-key.js';
export { API_KEY_PREFIX } from './api-key.type.js';
export { secretOf } from './api-key.rules.js';
export { ApiKeyRing } from './key-ring.js';
export { KeyUses } from './key-uses.js';
