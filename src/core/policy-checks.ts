import { checkMatch } from './check-match.ts';
import { checkApproval, checkNotify } from './check-people.ts';
import { checkPrincipals } from './check-principals.ts';
import { buildDenyDocument, MAX_DOCUMENT_SIZE } from './deny-document.ts';
import { checkDenyPatterns, type KnownActions } from './deny-pattern.ts';
import { DENY_SETS } from './deny-sets.ts';
import { isTimezone } from './instant.ts';
import { type PolicyDraft, readItems, responseOf } from './policy-draft.ts';
import type { Settings } from './policy-set.ts';
import { childPath, errorAt, type Finding, quoted, warningAt } from './problem.ts';

/**
 * Everything that the structure of a policy can't tell: rules between its keys, with the settings of its directory, and with IAM.
 * All of it at once, also where other parts of the policy are wrong.
 */
export function checkPolicy(draft: PolicyDraft, settings: Settings, known: KnownActions): readonly Finding[] {
  return [
    ...checkMatch(draft),
    ...checkPrincipals(draft, settings),
    ...checkActions(draft, settings, known),
    ...checkDocumentSize(draft),
    ...checkDuration(draft, settings),
    ...checkAuto(draft, settings),
    ...checkDestination(draft, settings),
    ...checkApproval(draft, settings),
    ...checkExceptions(draft),
  ];
}

function checkActions(draft: PolicyDraft, settings: Settings, known: KnownActions): readonly Finding[] {
  const denies = draft.actions.some((action) => action?.kind === 'deny');
  const findings: Finding[] = [];
  if (draft.scopeRegions?.length === 0) {
    findings.push(warningAt('/scope/regions', 'empty_list', 'scope.regions is an empty list, so the deny holds in every region. Leave the key out to say so.'));
  }
  draft.actions.forEach((action, index) => {
    const path = childPath('/actions', index);
    if (action?.kind === 'notify_only' && denies) {
      findings.push(
        warningAt(path, 'redundant_notify_only', 'notify_only adds nothing beside attach_deny_policy: people are told in any case. Take one of them out.'),
      );
    }
    if (action?.kind === 'deny' && action.patterns.length === 0 && action.sets.length === 0) {
      const expected = 'expected IAM actions in deny, or names of deny sets in deny_sets';
      findings.push(errorAt(path, 'nothing_denied', `This action denies nothing; ${expected}. To tell people alone, write type: notify_only.`));
    }
  });
  const denials = draft.actions.map((action) => (action?.kind === 'deny' ? action : null));
  const patterns = denials.flatMap((denial, index) =>
    (denial?.patterns ?? []).flatMap((pattern, at) => (pattern === null ? [] : [{ path: childPath('/actions', index, 'deny', at), pattern }])),
  );
  const fromSets = readItems(denials).flatMap((denial) => readItems(denial.sets).flatMap((name) => DENY_SETS[name]));
  return [...findings, ...checkDenyPatterns({ patterns, fromSets, allowUnknown: settings.allowUnknownActions }, known)];
}

function checkDocumentSize(draft: PolicyDraft): readonly Finding[] {
  const response = responseOf(draft);
  if (response.kind === 'notify_only') return [];
  const { size } = buildDenyDocument({ policyId: draft.policyId ?? '', response });
  if (size <= MAX_DOCUMENT_SIZE) return [];
  const message = `The deny document has ${size} characters, and IAM takes ${MAX_DOCUMENT_SIZE}. Shorten the lists with wildcards, name fewer deny sets, or make two policies.`;
  return [errorAt('/actions', 'document_too_large', message)];
}

function checkDuration({ ttlMinutes, mode, actions }: PolicyDraft, settings: Settings): readonly Finding[] {
  const path = '/ttl_minutes';
  if (ttlMinutes === null) return [];
  if (ttlMinutes > settings.maxTtlMinutes) {
    const limit = `max_ttl_minutes in settings.yaml (default 10080, a week)`;
    return [errorAt(path, 'ttl_too_long', `ttl_minutes is ${ttlMinutes}; expected at most ${settings.maxTtlMinutes}. Lower it, or raise ${limit}.`)];
  }
  if (ttlMinutes > 0) return [];
  const found = 'ttl_minutes is 0: a principal would be held until somebody lets it go';
  if (mode === 'auto')
    return [errorAt(path, 'ttl_unlimited', `${found}, which auto may not do. Give it an end, such as 180, or let people decide (mode: manual).`)];
  if (!actions.some((action) => action?.kind === 'deny')) return [];
  return [warningAt(path, 'ttl_unlimited', `${found}. Give it an end, unless that is what you want; people are reminded daily.`)];
}

function checkAuto(draft: PolicyDraft, settings: Settings): readonly Finding[] {
  if (draft.mode !== 'auto' || responseOf(draft).kind === 'notify_only') return [];
  const findings: Finding[] = [];
  const { accountIds, principals } = draft.exceptions;
  if (accountIds.length === 0 && principals.length === 0 && settings.protectedPrincipals.length === 0) {
    const advice = 'Name them in protected_principals of settings.yaml, or in exceptions';
    findings.push(warningAt('/mode', 'nobody_protected', `This policy acts by itself, and nothing protects those who must never be held. ${advice}.`));
  }
  const count = draft.principals.length;
  const { maxQuarantines, perMinutes } = settings.breaker;
  if (count > maxQuarantines) {
    const message = `The policy names ${count} principals, and the breaker lets auto hold ${maxQuarantines} within ${perMinutes} minutes: people would be asked instead.`;
    findings.push(warningAt('/scope/principals', 'above_breaker', `${message} Name fewer, or raise breaker.max_quarantines in settings.yaml.`));
  }
  return findings;
}

function checkDestination({ notify }: PolicyDraft, settings: Settings): readonly Finding[] {
  if (notify !== null) return checkNotify('/notify', notify, settings.slack);
  if (settings.notify !== null) return [];
  return [errorAt('', 'missing_key', 'The policy lacks notify, and settings.yaml has none for all; expected one of them to say where people are told.')];
}

function checkExceptions({ exceptions }: PolicyDraft): readonly Finding[] {
  const zones = exceptions.timeWindows.flatMap((window, index) => {
    if (window === null || window.timezone === null || isTimezone(window.timezone)) return [];
    const path = childPath('/exceptions/time_windows', index, 'timezone');
    return [
      errorAt(
        path,
        'unknown_timezone',
        `There is no time zone ${quoted(window.timezone)}; expected a name of the IANA database, such as "Asia/Tokyo" or "UTC".`,
      ),
    ];
  });
  const globs = exceptions.principals.flatMap((glob, index) => {
    if (glob === null || /^(arn:|\*)/i.test(glob)) return [];
    const path = childPath('/exceptions/principals', index);
    return [warningAt(path, 'never_matches', `${quoted(glob)} matches no ARN, so it excepts nobody; expected an ARN, with * where it may vary.`)];
  });
  return [...zones, ...globs];
}
