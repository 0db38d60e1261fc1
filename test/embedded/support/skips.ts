import { test } from '@jest/globals';

/** Why a test cannot run here; undefined when it can. */
export type Obstacle = string | undefined;

export const needsRoot: Obstacle = process.getuid?.() === 0 ? undefined : 'needs root, whose PostgreSQL runs as nobody';
export const needsLinux: Obstacle = process.platform === 'linux' ? undefined : 'reads the process table of Linux';

/** A test that names its reason when it cannot run, and fails where everything is required to run. */
export function testUnless(obstacle: Obstacle, title: string, body: () => Promise<void>, timeoutMs?: number): void {
  if (obstacle === undefined) test(title, body, timeoutMs);
  else if (process.env.HUB_TEST_REQUIRE === 'all') {
    test(title, () => Promise.reject(new Error(`did not run: ${obstacle}`)));
  } else test.skip(`${title} (${obstacle})`, body);
}
