/** A promise that was broken, by its number in the list of promises, and how. */
export class Broken extends Error {
  override readonly name = 'Broken';
}
