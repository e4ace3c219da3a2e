import type { ApprovalRule } from './policy.ts';
import { completeApproval, type NotifyDraft, type PolicyDraft } from './policy-draft.ts';
import type { Settings } from './policy-set.ts';
import { childPath, errorAt, type Finding, quoted, warningAt } from './problem.ts';

/** Slack's ids of users (`U…`, `W…`) and user groups (`S…`), the only ones that a message can mention. */
const SLACK_ID = /^[UWS][A-Z0-9]{2,}$/;

/** What is wrong with where people are told; `path` is that of the mapping. */
export function checkNotify(path: string, draft: NotifyDraft, slack: Settings['slack']): readonly Finding[] {
  return [...checkDestinations(path, draft, slack), ...checkMentions(childPath(path, 'mention_users'), draft)];
}

/** What is wrong with who is asked: only `manual` policies that can hold somebody are sure to ask. */
export function checkApproval(draft: PolicyDraft, settings: Settings): readonly Finding[] {
  if (draft.mode !== 'manual' || !draft.actions.some((action) => action?.kind === 'deny')) return [];
  // One who can't be read may be enough.
  if (draft.approval.approvers?.includes(null)) return [];
  const rule = completeApproval(draft.approval, settings.approval);
  if (rule.approvers.length === 0) {
    const path = draft.approval.approvers === null ? '/mode' : '/approval/approvers';
    const message = 'Nobody can approve what this policy asks for: neither it nor settings.yaml names approvers. Add approval.approvers.';
    return [warningAt(path, 'unapprovable', message)];
  }
  return tooFew(rule, draft);
}

function tooFew({ approvers, minApprovals }: ApprovalRule, draft: PolicyDraft): readonly Finding[] {
  const distinct = new Set(approvers.map((approver) => approver.toLowerCase())).size;
  const hasGroup = approvers.some((approver) => approver.startsWith('S'));
  if (hasGroup || distinct >= minApprovals) return [];
  const places: readonly (readonly [string, unknown])[] = [
    ['/approval/min_approvals', draft.approval.minApprovals],
    ['/approval/approvers', draft.approval.approvers],
  ];
  const path = places.find(([, value]) => value !== null)?.[0] ?? '/mode';
  const found = `${minApprovals} approvals are needed, and only ${distinct} ${distinct === 1 ? 'person' : 'people'} may approve`;
  return [warningAt(path, 'too_few_approvers', `${found}. Name more approvers, or a Slack user group (S…), or lower min_approvals.`)];
}

function checkDestinations(path: string, { destinations }: NotifyDraft, slack: Settings['slack']): readonly Finding[] {
  if (destinations.length === 0) {
    return [errorAt(path, 'missing_key', 'notify names no destination; expected slack_webhook_ssm_param or slack_channel.')];
  }
  const channelPath = childPath(path, 'slack_channel');
  if (destinations.length > 1) {
    const message = 'Both slack_webhook_ssm_param and slack_channel are there; expected one of them. Keep the one that people read.';
    return [errorAt(channelPath, 'two_channels', message)];
  }
  if (destinations[0]?.kind !== 'channel' || (slack?.botTokenSsmParameter ?? null) !== null) return [];
  return [
    warningAt(channelPath, 'no_bot_token', 'A channel is written to with a bot token. Name its parameter in slack.bot_token_ssm_param of settings.yaml.'),
  ];
}

function checkMentions(path: string, draft: NotifyDraft): readonly Finding[] {
  return draft.mentionUsers.flatMap((mention, index) => {
    if (mention === null || SLACK_ID.test(mention)) return [];
    const message = `${quoted(mention)} is no Slack id, so it is shown as plain text and alerts nobody. To mention, write the id of a user (U…, W…) or of a user group (S…).`;
    return [warningAt(childPath(path, index), 'mention_shown_plain', message)];
  });
}
