/** Sends all calls at once; says how many were on their way at the same time. */
export async function race<T>(
  count: number,
  call: (index: number) => Promise<T>,
): Promise<{ results: T[]; overlapped: number }> {
  let underway = 0;
  let overlapped = 0;
  const results = await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      underway += 1;
      overlapped = Math.max(overlapped, underway);
      const result = await call(index);
      underway -= 1;
      return result;
    }),
  );
  return { results, overlapped };
}
