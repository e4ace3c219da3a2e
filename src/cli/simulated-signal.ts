import type { CostEvent } from '../core/cost-event.ts';
import type { Decision } from '../core/decide.ts';
import type { Instant } from '../core/instant.ts';
import type { Unreadable } from '../sources/unreadable.ts';

/** One record of what came in, and what every policy says of it. */
export type SimulatedSignal =
  | { readonly kind: 'decided'; readonly event: CostEvent; readonly decidedAt: Instant; readonly decisions: readonly Decision[] }
  | { readonly kind: 'unreadable'; readonly error: Unreadable };
