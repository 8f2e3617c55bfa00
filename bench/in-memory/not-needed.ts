/** In place of a way out that what is measured does not take. */
export function notNeeded(): never {
  throw new Error('what is measured takes a way it was not to take');
}
