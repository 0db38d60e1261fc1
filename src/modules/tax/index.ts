import type { Module } from '../../graph/module.js';

/** How what is sold is taxed: dated rates by place, whom they do not bind, and how taxes are rounded. */
export const tax: Module = { name: 'tax' };

export * from './tax-exemption.type.js';
export * from './tax-provider.rules.js';
export * from './tax-rate.queries.js';
export * from './tax.rules.js';
