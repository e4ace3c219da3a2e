import type { ComparedPolicy, DecisionChange, Side } from '../app/compare-decisions.ts';
import type { RecordedAlerts } from '../app/recorded-alerts.ts';
import type { TimedAlert } from '../app/replay-alerts.ts';
import { countOutcomes } from './render-replay.ts';
import type { ReplayResult } from './replay-result.ts';
import { decisionJson, eventJson } from './simulation-json.ts';

/** What `replay --json` prints, in snake_case. Where `valid` is false, the policies are invalid and nothing was decided. */
export function replayJson(result: ReplayResult): object {
  if (result.kind === 'invalid') return { valid: false, problems: result.errors };
  const common = { valid: true, revision: result.policySet.revision, recorded: recordedJson(result.recorded) };
  if (result.kind === 'replayed') {
    return {
      ...common,
      policies: countOutcomes(result.alerts).map(({ policyId, counts }) => ({ policy_id: policyId, outcomes: counts })),
      results: result.alerts.map((alert) => ({
        ...alertJson(alert),
        decisions: alert.decisions.filter(({ outcome }) => outcome !== 'no_match').map(decisionJson),
      })),
    };
  }
  const { against, comparison } = result;
  return {
    ...common,
    against: {
      name: against.name,
      kind: against.kind,
      revision: against.policySet.revision,
      had_directory: against.hadDirectory,
      problems: against.errors,
    },
    alerts_changed: comparison.alertsChanged,
    changes: comparison.changes.map(changeJson),
    policies_changed: comparison.policies.map(policyChangeJson),
    settings_changed: comparison.settings,
  };
}

function recordedJson({ files, alerts, copies, unreadable }: RecordedAlerts): object {
  return { files, alerts: alerts.length, copies, unreadable };
}

function alertJson({ files, event, decidedAt }: TimedAlert): object {
  return { files, event: eventJson(event), decided_at: decidedAt };
}

function changeJson(change: DecisionChange): object {
  const { deny } = change;
  return {
    policy_id: change.policyId,
    former_policy_id: change.formerId,
    course: change.course,
    ...alertJson(change.alert),
    before: sideJson(change.before),
    after: sideJson(change.after),
    targets_added: change.targetsAdded,
    targets_removed: change.targetsRemoved,
    ttl_minutes: change.ttlMinutes,
    deny: deny === null ? null : { actions_added: deny.actionsAdded, actions_removed: deny.actionsRemoved, regions: deny.regions, seal: deny.seal },
  };
}

function sideJson(side: Side): object {
  return side.kind === 'decided' ? decisionJson(side.decision) : { outcome: null, absent: side.kind };
}

function policyChangeJson({ policyId, formerId, kind, mode, keys, alertsChanged }: ComparedPolicy): object {
  return { policy_id: policyId, former_policy_id: formerId, change: kind, mode, keys, alerts_changed: alertsChanged };
}
