/**
 * A whole number from the command line (`--param <name>=…`), for settings of this service.
 * @param resolveVariable the packager's
 * @param {{ name: string, fallback: number, from: number, upTo?: number }} parameter
 * @returns {Promise<number>}
 * @throws when what is given is no whole number in the range
 */
async function wholeNumber(resolveVariable, { name, fallback, from, upTo = Infinity }) {
  const given = await resolveVariable(`param:${name}, ${fallback}`);
  const number = Number(given);
  if (!Number.isInteger(number) || number < from || number > upTo) {
    const range = upTo === Infinity ? `at least ${from}` : `${from} to ${upTo}`;
    throw new Error(`--param ${name}=${given}: must be a whole number, ${range}`);
  }
  return number;
}

module.exports = { wholeNumber };
