import type { AuditEntry } from './audit-record.ts';

/** One step of a state machine: the state after it, and what the audit log says of it. Both are committed together, or neither is. */
export interface Transition<State> {
  readonly state: State;
  readonly entry: AuditEntry;
}
