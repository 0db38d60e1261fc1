/** Cents of "12.50"; the sandbox sells in currencies of two digits only. */
export function cents(amount: string): number {
  const match = /^(\d{1,9})(?:\.(\d{1,2}))?$/.exec(amount);
  if (!match) throw new Error(`expected an amount such as "12.50", got "${amount}"`);
  return Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
}

export function amount(value: number): string {
  return `${Math.floor(value / 100)}.${String(value % 100).padStart(2, '0')}`;
}

/** The tax within a price that includes it. */
export function taxWithin(gross: number, rate: string): number {
  const millionths = Math.round(Number(rate) * 1_000_000);
  return Math.round((gross * millionths) / (1_000_000 + millionths));
}

/** Parts of a whole by weight; the last takes what rounding leaves. */
export function parts(whole: number, weights: number[]): number[] {
  const sum = weights.reduce((a, b) => a + b, 0);
  let rest = whole;
  return weights.map((weight, index) => {
    const part = index === weights.length - 1 ? rest : Math.floor((whole * weight) / sum);
    rest -= part;
    return part;
  });
}
