/** Slack's webhook addresses and tokens. Source: https://docs.slack.dev/authentication/tokens and …/messaging/sending-messages-using-incoming-webhooks. */
const SECRET = /hooks\.slack(?:-gov)?\.com\/|\bxox[abcdeprs][.-]|\bxapp-\d/i;

/** Whether the text is, or holds, a secret that must never be repeated in a message or a log. */
export function looksSecret(text: string): boolean {
  return SECRET.test(text);
}
