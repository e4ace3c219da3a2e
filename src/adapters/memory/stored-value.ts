/**
 * Freezes a value in depth and answers its size in bytes, as DynamoDB counts an item's. What doesn't survive being stored throws:
 * a value is null, true or false, a finite number, a bigint, a string, or an array or plain object of such.
 * Source: "Item sizes and formats" in the DynamoDB developer guide. `bytesOf` measures a text; it may answer an upper bound.
 */
export function sealValue(value: unknown, where: string, bytesOf: (text: string) => number): number {
  if (typeof value === 'string') return bytesOf(value);
  if (value === null || typeof value === 'boolean') return 1;
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isFinite(value))) return 22; // of 38 digits, the most that fit
  if (typeof value !== 'object') throw unstorable(value, where);
  Object.freeze(value);
  let size = 3;
  if (Array.isArray(value)) {
    for (const item of value) size += 1 + sealValue(item, where, bytesOf);
    return size;
  }
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== null && Object.getPrototypeOf(prototype) !== null) throw unstorable(value, where);
  for (const [name, item] of Object.entries(value)) size += 1 + bytesOf(name) + sealValue(item, `${where}.${name}`, bytesOf);
  return size;
}

/** Whether two storable values are the same, whatever order their names were written in. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || Array.isArray(a) !== Array.isArray(b)) return false;
  const entries = Object.entries(a);
  const others = new Map(Object.entries(b));
  return entries.length === others.size && entries.every(([name, item]) => others.has(name) && isSameValue(item, others.get(name)));
}

function unstorable(value: unknown, where: string): TypeError {
  const found = typeof value === 'object' ? (value?.constructor?.name ?? 'object') : String(value);
  return new TypeError(`${where} can't be stored: found ${found}, expected null, a boolean, a finite number, a bigint, a string, an array or a plain object.`);
}
