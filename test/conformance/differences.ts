/** Where two states differ, a line each: the place, what one has and what the other has. */
export function differences(expected: unknown, actual: unknown, at = ''): string[] {
  if (isRecord(expected) && isRecord(actual)) {
    const names = [...new Set([...Object.keys(expected), ...Object.keys(actual)])].sort();
    return names.flatMap((name) => differences(expected[name], actual[name], at === '' ? name : `${at} / ${name}`));
  }
  if (Array.isArray(expected) && Array.isArray(actual) && expected.length === actual.length) {
    return expected.flatMap((each, index) => differences(each, actual[index], `${at} [${index}]`));
  }
  const [one, other] = [shown(expected), shown(actual)];
  return one === other ? [] : [`${at}: expected ${one}, got ${other}`];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
