/** Long suites run at a small seeded share in `npm test` and whole by `npm run soak`. */
export const IS_SOAK = Boolean(process.env.HUB_SOAK);
export const SEED = Number(process.env.HUB_TEST_SEED ?? 20_260_302);

export function scaled<T>(share: T, whole: T): T {
  return IS_SOAK ? whole : share;
}
