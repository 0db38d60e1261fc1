import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const program = findProgram();

/** Why no browser can be opened here; undefined when one can. */
export const needsBrowser: string | undefined = program
  ? undefined
  : 'needs Chromium on the PATH, or CHROMIUM_PATH to name it';

/** A browser with a profile of its own, gone after `close`; it keeps the address of all that its pages ask for. */
export interface OpenBrowser {
  page: Page;
  /** Origins of every request and socket of any page or worker. */
  origins: Set<string>;
  /** What pages threw or wrote to the console as an error. */
  complaints: string[];
  close(): Promise<void>;
}

export async function openBrowser(): Promise<OpenBrowser> {
  const profile = await mkdtemp(path.join(tmpdir(), 'hub-browser-'));
  const context: BrowserContext = await chromium.launchPersistentContext(profile, {
    executablePath: program!,
    args: FLAGS,
    viewport: { width: 1440, height: 900 },
  });
  const origins = new Set<string>();
  const complaints: string[] = [];
  context.on('request', (request) => origins.add(new URL(request.url()).origin));
  context.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('websocket', (socket) => origins.add(new URL(socket.url()).origin));
  page.on('pageerror', (error) => complaints.push(error.message));
  return {
    page,
    origins,
    complaints,
    close: async () => {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function findProgram(): string | undefined {
  const given = process.env.CHROMIUM_PATH;
  if (given) return existsSync(given) ? given : undefined;
  const folders = (process.env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => NAMES.map((name) => path.join(folder, name))).find((file) => existsSync(file));
}
