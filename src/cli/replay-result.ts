import type { Comparison } from '../app/compare-decisions.ts';
import type { RecordedAlerts } from '../app/recorded-alerts.ts';
import type { ReplayedAlert } from '../app/replay-alerts.ts';
import type { PolicySet } from '../core/policy-set.ts';
import type { Problem } from '../core/problem.ts';

/** What other policies the policies were compared with. */
export interface Against {
  /** As the command line named it: a directory, or a git revision. */
  readonly name: string;
  readonly kind: 'directory' | 'revision';
  readonly policySet: PolicySet;
  /** False where the revision had no such directory, so that every policy is new. */
  readonly hadDirectory: boolean;
  /** What is invalid there. The comparison is with the rest of it. */
  readonly errors: readonly Problem[];
}

/** What a replay found out, for whoever prints it. */
export type ReplayResult =
  /** The policies are invalid, so nothing was decided by them. */
  | { readonly kind: 'invalid'; readonly errors: readonly Problem[] }
  | { readonly kind: 'replayed'; readonly policySet: PolicySet; readonly recorded: RecordedAlerts; readonly alerts: readonly ReplayedAlert[] }
  | {
      readonly kind: 'compared';
      readonly policySet: PolicySet;
      readonly recorded: RecordedAlerts;
      readonly against: Against;
      readonly comparison: Comparison;
    };
