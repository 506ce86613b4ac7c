// still.mjs PAGE HASH OUT: a picture of the page PAGE as it opens with HASH, 1280 x 720, into the PNG file OUT.

import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const [page, hash, out] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
const context = await browser.newContext({ viewport: { width: 1280, height: 720 }, offline: true, locale: 'en-US', reducedMotion: 'reduce' });
const tab = await context.newPage();
await tab.goto(pathToFileURL(page).href + hash);
await tab.waitForSelector('footer');
await tab.screenshot({ path: out });
await browser.close();
