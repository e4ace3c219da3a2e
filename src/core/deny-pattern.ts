import { childPath, errorAt, type Finding, quoted, warningAt } from './problem.ts';

/** How AWS classifies an action. Its levels mislead at times (`bedrock:InvokeModel` counts as `read`), so no rule goes by them alone. */
export type AccessLevel = 'read' | 'list' | 'write' | 'tagging' | 'permissions';

export interface IamAction {
  /** With AWS's own upper and lower case: `ec2:RunInstances`. IAM itself ignores it. */
  readonly name: string;
  readonly level: AccessLevel;
}

/** What the rules ask of a list of IAM's actions. */
export interface KnownActions {
  /** All actions that the pattern stands for; for an exact name one or none. Case is ignored. */
  find(pattern: string): readonly IamAction[];
  /** Up to three actions that may have been meant, the likeliest first. */
  nearest(action: string): readonly string[];
}

/** A pattern of a `deny` list and where it stands. */
interface PlacedPattern {
  readonly path: string;
  readonly pattern: string;
}

export interface DenyList {
  readonly patterns: readonly PlacedPattern[];
  /** Patterns that are denied besides, by a deny set. */
  readonly fromSets: readonly string[];
  /** Actions that pass although the list of actions lacks them. */
  readonly allowUnknown: readonly string[];
}

const SERVICE = '[A-Za-z0-9-]+';
const PATTERN = new RegExp(`^${SERVICE}:[A-Za-z0-9*?-]+$`);
const MAX_PATTERN_LENGTH = 200;
const EXAMPLES = 3;

const LOOKING = /^(get|list|describe|batchget|lookup|search|view)/i;
const CLEANUP = /^(delete|terminate|stop|release|cancel|deregister|remove)/i;

/**
 * Actions with which people scale down as well as up. To deny one stops new spend, and also the shortest way to less of it.
 * Curated from the services' API references; a test holds it against the list of IAM's actions.
 */
export const SCALES_BOTH_WAYS: readonly string[] = [
  'application-autoscaling:PutScalingPolicy',
  'application-autoscaling:RegisterScalableTarget',
  'appstream:UpdateFleet',
  'athena:UpdateCapacityReservation',
  'autoscaling:ExecutePolicy',
  'autoscaling:PutScalingPolicy',
  'autoscaling:PutScheduledUpdateGroupAction',
  'autoscaling:SetDesiredCapacity',
  'autoscaling:UpdateAutoScalingGroup',
  'batch:UpdateComputeEnvironment',
  'bedrock:UpdateProvisionedModelThroughput',
  'dynamodb:UpdateTable',
  'ec2:ModifyCapacityReservation',
  'ec2:ModifyFleet',
  'ec2:ModifyInstanceAttribute',
  'ec2:ModifySpotFleetRequest',
  'ec2:ModifyVolume',
  'ecs:UpdateService',
  'eks:UpdateNodegroupConfig',
  'elasticache:ModifyCacheCluster',
  'elasticache:ModifyReplicationGroup',
  'elasticache:ModifyReplicationGroupShardConfiguration',
  'elasticmapreduce:ModifyInstanceFleet',
  'elasticmapreduce:ModifyInstanceGroups',
  'elasticmapreduce:PutManagedScalingPolicy',
  'es:UpdateDomainConfig',
  'es:UpdateElasticsearchDomainConfig',
  'fsx:UpdateFileSystem',
  'gamelift:UpdateFleetCapacity',
  'kafka:UpdateBrokerCount',
  'kafka:UpdateBrokerType',
  'kinesis:UpdateShardCount',
  'kinesis:UpdateStreamMode',
  'lambda:PutFunctionConcurrency',
  'lambda:PutProvisionedConcurrencyConfig',
  'lightsail:UpdateContainerService',
  'memorydb:UpdateCluster',
  'rds:ModifyCurrentDBClusterCapacity',
  'rds:ModifyDBCluster',
  'rds:ModifyDBInstance',
  'redshift-serverless:UpdateWorkgroup',
  'redshift:ModifyCluster',
  'redshift:ResizeCluster',
  'sagemaker:UpdateCluster',
  'sagemaker:UpdateEndpoint',
  'sagemaker:UpdateEndpointWeightsAndCapacities',
  'sagemaker:UpdateInferenceComponentRuntimeConfig',
  'workspaces:ModifyWorkspaceProperties',
  'workspaces:UpdateWorkspacesPool',
];

const SCALING_NAMES = new Set(SCALES_BOTH_WAYS.map((action) => action.toLowerCase()));

/**
 * Whether IAM would read the pattern as this action: `*` is any number of characters, `?` exactly one, case ignored. A `?` doesn't
 * stand for a `*`, so that the same function tells whether one pattern covers another. Two pointers and no recursion: the time is at
 * most the product of both lengths.
 */
export function matchesActionPattern(pattern: string, action: string): boolean {
  const wanted = pattern.toLowerCase();
  const given = action.toLowerCase();
  let p = 0;
  let g = 0;
  let star = -1;
  let starGiven = 0;
  while (g < given.length) {
    if (wanted[p] === '*') {
      star = p;
      starGiven = g;
      p += 1;
    } else if (wanted[p] === given[g] || (wanted[p] === '?' && given[g] !== '*')) {
      p += 1;
      g += 1;
    } else if (star >= 0) {
      p = star + 1;
      starGiven += 1;
      g = starGiven;
    } else {
      return false;
    }
  }
  while (wanted[p] === '*') p += 1;
  return p === wanted.length;
}

/** What is wrong with the patterns of a policy's deny lists, each by itself and beside each other. */
export function checkDenyPatterns(list: DenyList, known: KnownActions): readonly Finding[] {
  const checked = list.patterns.map((placed) => ({ placed, findings: checkPattern(placed, list.allowUnknown, known) }));
  // A pattern that is refused covers nothing: it has to go.
  const sound = checked.filter(({ findings }) => findings.every((finding) => finding.severity !== 'error')).map(({ placed }) => placed);
  return [...checked.flatMap(({ findings }) => findings), ...sound.flatMap((placed, index) => checkRedundancy(placed, index, sound, list.fromSets))];
}

/** What is wrong with the list of actions that settings let pass although they are unknown. */
export function checkAllowedActions(path: string, actions: readonly (string | null)[], known: KnownActions): readonly Finding[] {
  return actions.flatMap((action, index) => {
    const [found] = action === null ? [] : known.find(action);
    if (found === undefined) return [];
    return [warningAt(childPath(path, index), 'allowed_action_known', `${found.name} is a known action by now: take it off this list.`)];
  });
}

/** Every action that the patterns deny, by AWS's names, sorted; an allowed unknown action stands as it was written. */
export function expandActions(patterns: readonly string[], known: KnownActions): readonly string[] {
  const names = patterns.flatMap((pattern) => {
    const found = known.find(pattern);
    return found.length > 0 ? found.map((action) => action.name) : [pattern];
  });
  return [...new Set(names)].sort();
}

function checkPattern({ path, pattern }: PlacedPattern, allowUnknown: readonly string[], known: KnownActions): readonly Finding[] {
  if (pattern === '*' || pattern === '*:*') {
    return [
      errorAt(path, 'denies_everything', `${quoted(pattern)} denies everything, looking and cleaning up included. Name the actions that spend, or a deny set.`),
    ];
  }
  if (pattern.length > MAX_PATTERN_LENGTH || !PATTERN.test(pattern)) return [malformed(path, pattern)];
  const found = known.find(pattern);
  if (found.length > 0) {
    const stopped = stoppedRights(path, pattern, found);
    return stopped.length > 0 ? stopped : scaling(path, pattern, found);
  }
  if (/[*?]/.test(pattern)) {
    return [errorAt(path, 'matches_nothing', `${quoted(pattern)} matches no action of IAM, so it would deny nothing.${meant(known.nearest(pattern))}`)];
  }
  if (!allowUnknown.some((action) => action.toLowerCase() === pattern.toLowerCase())) return [unknown(path, pattern, known)];
  // Its level isn't known, so its name alone decides.
  return stoppedRights(path, pattern, [{ name: pattern, level: 'read' }]);
}

function malformed(path: string, pattern: string): Finding {
  const wildcardService = /^[^:]*[*?][^:]*:/.test(pattern);
  const reason = wildcardService ? 'has a wildcard in its service' : 'is no IAM action';
  const expected = 'expected service:Action, such as "ec2:RunInstances" or "ec2:Run*", with wildcards only after the colon';
  return errorAt(path, 'malformed_action', `${quoted(pattern)} ${reason}; ${expected}.`);
}

function unknown(path: string, pattern: string, known: KnownActions): Finding {
  const newer = 'If AWS has it since this program was built, name it in allow_unknown_actions of settings.yaml.';
  return errorAt(path, 'unknown_action', `IAM has no action ${quoted(pattern)}.${meant(known.nearest(pattern))} ${newer}`);
}

function stoppedRights(path: string, pattern: string, found: readonly IamAction[]): readonly Finding[] {
  const looking = found.filter((action) => (action.level === 'read' || action.level === 'list') && LOOKING.test(nameOf(action)));
  const cleanup = found.filter((action) => CLEANUP.test(nameOf(action)));
  const advice = 'Name the actions that spend instead.';
  const findings: Finding[] = [];
  if (looking.length > 0) {
    const message = `${quoted(pattern)} would stop people from looking (${examples(looking)}). Who is held must still see what runs and what it costs. ${advice}`;
    findings.push(errorAt(path, 'denies_looking', message));
  }
  if (cleanup.length > 0) {
    const message = `${quoted(pattern)} would stop people from cleaning up (${examples(cleanup)}). Who is held must still be able to reduce spend. ${advice}`;
    findings.push(errorAt(path, 'denies_cleanup', message));
  }
  return findings;
}

function scaling(path: string, pattern: string, found: readonly IamAction[]): readonly Finding[] {
  const both = found.filter((action) => SCALING_NAMES.has(action.name.toLowerCase()));
  if (both.length === 0) return [];
  return [warningAt(path, 'scales_both_ways', `${quoted(pattern)} also stops people from scaling down, since one action does both (${examples(both)}).`)];
}

function checkRedundancy({ path, pattern }: PlacedPattern, index: number, sound: readonly PlacedPattern[], fromSets: readonly string[]): readonly Finding[] {
  const covering = sound.find((other, at) => {
    // Of two that cover each other, the first one stays.
    return at !== index && matchesActionPattern(other.pattern, pattern) && (at < index || !matchesActionPattern(pattern, other.pattern));
  });
  const inSet = fromSets.find((other) => matchesActionPattern(other, pattern));
  if (covering === undefined && inSet === undefined) return [];
  const by = covering === undefined ? `${inSet} of a deny set` : `"${covering.pattern}"`;
  return [warningAt(path, 'redundant_action', `${quoted(pattern)} adds nothing: ${by} denies it already. Take it out.`)];
}

function nameOf(action: IamAction): string {
  return action.name.slice(action.name.indexOf(':') + 1);
}

function examples(actions: readonly IamAction[]): string {
  const names = actions.slice(0, EXAMPLES).map((action) => action.name);
  return actions.length > EXAMPLES ? `${actions.length} actions, such as ${names.join(', ')}` : names.join(', ');
}

function meant(suggestions: readonly string[]): string {
  return suggestions.length === 0 ? '' : ` Did you mean ${suggestions.map(quoted).join(' or ')}?`;
}
