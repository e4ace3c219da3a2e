import { type NotRead, quote, unreadable } from './unreadable.ts';

/** Whether the text is an AWS account id: twelve ASCII digits. */
export function isAccountId(text: string): boolean {
  return /^[0-9]{12}$/.test(text);
}

/** The failed reading for an account id that is none. `where` names the line or the field. */
export function invalidAccount(where: string, found: string): NotRead {
  return unreadable('invalid_account', `${where} is ${quote(found)}: expected an account id of 12 digits.`);
}
