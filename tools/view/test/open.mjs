// What the tests in a browser share: Debian's Chromium, without a network if OFFLINE, and what a page has requested and complained about.
import { chromium } from 'playwright-core';

/** Opens URL. => the page, its browser, and the lists of its requests and complaints */
export async function open(url, { width = 1280, height = 720, offline = true } = {}) {
	const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
	const context = await browser.newContext({ offline, viewport: { width, height }, locale: 'en-US' });
	const page = await context.newPage();
	const requests = [], complaints = [];
	page.on('request', (request) => requests.push(request.url()));
	page.on('console', (message) => complaints.push(message.text()));
	page.on('pageerror', (error) => complaints.push(String(error)));
	await page.goto(url);
	return { browser, page, requests, complaints };
}

/** Goes to the event SEQ; the picture is drawn when this returns. */
export const go = (page, seq) => page.evaluate((n) => { window.shisho.goto(n); return new Promise((done) => requestAnimationFrame(done)); }, seq);
