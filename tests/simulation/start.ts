import type { Instant } from '../../src/core/instant.ts';
import { at } from '../support/builders.ts';

/** When every run begins. */
export const START: Instant = at('2026-03-10T02:00:00.000Z');
export const msOfStart = Date.parse(START);
