import type { Commit, Telling, WakeUp } from '../../src/app/ports.ts';
import type { Principal } from '../../src/core/principal.ts';

/** A call to the outside and its answer, in words, for whoever reads how a run went. */
export function wordsOf(call: string, args: readonly unknown[], answer: unknown): string {
  const what = WORDS[call]?.(args) ?? JSON.stringify(args);
  return `${call.padEnd(20)} ${what}${answerWords(call, answer)}`;
}

const WORDS: Readonly<Record<string, (args: readonly unknown[]) => string>> = {
  'store.read': ([keys]) => (keys as readonly string[]).join(' '),
  'store.commit': ([commit]) => commitWords(commit as Commit),
  'store.find_due': ([kind, until]) => `${String(kind)} until ${String(until).slice(11, 23)}`,
  'store.read_trail': ([subjectId]) => String(subjectId),
  'iam.attach': ([principal, name]) => `${String(name)} to ${(principal as Principal).arn}`,
  'iam.detach': ([principal, name]) => `${String(name)} from ${(principal as Principal).arn}`,
  'iam.list_attached': ([principal]) => (principal as Principal).arn,
  'iam.find_principal': ([principal]) => (principal as Principal).arn,
  'iam.find_deny_policy': ([, name]) => String(name),
  'scheduler.schedule': ([key, at]) => `${String(key)} at ${String(at)}`,
  'messenger.tell': ([telling]) => `${(telling as Telling).noticeKey}, version ${(telling as Telling).wanted}`,
  'queue.send': ([wakeUp]) => wakeUpWords(wakeUp as WakeUp),
};

function commitWords({ commitId, writes, records }: Commit): string {
  const steps = records.map(({ subjectId, action, actor, details }) => {
    const phases = 'from' in details ? ` (${String(details['from'])} -> ${String(details['to'])})` : '';
    return `${action}${phases}${actor === 'system' ? '' : ` by ${actor}`} [${subjectId}]`;
  });
  const others = writes.filter(({ row }) => !records.some(({ subjectId }) => subjectId === row.key)).map(({ row }) => row.key);
  return `${commitId}: ${[...steps, ...others].join(', ')}`;
}

function wakeUpWords(wakeUp: WakeUp): string {
  return wakeUp.kind === 'channel' ? `channel ${wakeUp.channel}` : wakeUp.key;
}

function answerWords(call: string, answer: unknown): string {
  if (answer instanceof Error) return ` => ${answer.message}`;
  if (call === 'store.read' && answer instanceof Map) return ` => ${[...answer.values()].map(({ version }) => `v${version}`).join(' ') || 'nothing'}`;
  if (call === 'store.commit') return ` => ${(answer as { readonly kind: string }).kind}`;
  return answer === undefined ? '' : ` => ${JSON.stringify(answer)}`;
}
