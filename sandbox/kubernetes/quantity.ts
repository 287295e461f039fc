/** Kubernetes resource quantities ("Resource units in Kubernetes"): a number with a decimal or binary suffix. */
const QUANTITY = /^([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei|[eE][+-]?\d+)?$/;

const FACTORS: Readonly<Record<string, number>> = {
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

/** The value of a quantity in its base unit; undefined where it is not one. */
export function parseQuantity(quantity: string): number | undefined {
  const match = QUANTITY.exec(quantity);
  if (!match) return undefined;
  const [, digits = '', suffix = ''] = match;
  const factor = FACTORS[suffix] ?? (suffix === '' ? 1 : Number(`1${suffix}`));
  return Number(digits) * factor;
}

/** A volume's size as clouds count it: whole GiB, rounded up. */
export function wholeGiB(bytes: number): number {
  return Math.max(1, Math.ceil(bytes / 2 ** 30));
}
