/**
 * Bounds as a page that embeds the client gives them, over the usual ones. Where they contradict each other the maximum
 * wins: who gives one of them should not have to know the usual values of the others.
 *
 * @param {string} name for the error
 * @param {{min?: number, max?: number, start?: number}} given whole numbers from 1
 * @param {{min: number, max: number, start: number}} usual
 * @throws RangeError when one is no such number
 */
export function boundsOf(name, given, usual) {
  const bound = (which) => {
    const value = given?.[which] ?? usual[which];
    if (Number.isSafeInteger(value) && value >= 1) return value;
    throw new RangeError(`${name}.${which} must be a whole number from 1, but is ${value}`);
  };
  const max = bound('max');
  const min = Math.min(max, bound('min'));
  return { min, max, start: Math.min(max, Math.max(min, bound('start'))) };
}
