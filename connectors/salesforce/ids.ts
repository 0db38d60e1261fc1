const SHORT = 15;
const GROUP = 5;
const CHECKS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345';

/**
 * The 18 characters of an id. The 15 that reports and links show mean the same record; the other three tell which of
 * them are upper case, for programs that do not mind case.
 */
export function longId(id: string): string {
  const short = id.slice(0, SHORT);
  let checks = '';
  for (let at = 0; at < SHORT; at += GROUP) {
    const group = [...short.slice(at, at + GROUP)];
    checks += CHECKS[group.reduce((bits, letter, index) => bits + (/[A-Z]/.test(letter) ? 2 ** index : 0), 0)]!;
  }
  return short + checks;
}
