export function integer(min: number, max: number) {
  return (value: string) =>
    /^\d{1,9}$/.test(value) && Number(value) >= min && Number(value) <= max ? Number(value) : undefined;
}

export function text(pattern: RegExp) {
  return (value: string) => (pattern.test(value) ? value : undefined);
}

export function oneOf<T extends string>(values: readonly T[]) {
  return (value: string) => values.find((candidate) => candidate === value);
}

export function onOff(value: string): boolean | undefined {
  return value === 'on' ? true : value === 'off' ? false : undefined;
}
