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

/** Without a path: where somebody is reached. */
export function origin(value: string): string | undefined {
  if (!URL.canParse(value)) return undefined;
  const url = new URL(value);
  const isPlain = /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username;
  return isPlain ? url.origin : undefined;
}

/** Separated by commas; each must be as expected. */
export function listOf<T>(parse: (value: string) => T | undefined) {
  return (value: string): T[] | undefined => {
    const parsed = value.split(',').map((one) => parse(one.trim()));
    return parsed.every((one) => one !== undefined) ? parsed : undefined;
  };
}
