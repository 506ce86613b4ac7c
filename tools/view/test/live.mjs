// live.mjs URL [PICTURE]: opens a live page and watches until the machine has ended. Prints what it has seen as JSON.
import { open } from './open.mjs';

const { browser, page, requests, complaints } = await open(process.argv[2], { offline: false });
const live = () => page.evaluate(() => window.shisho.live);
await page.waitForFunction(() => ['ended', 'cut', 'refused', 'full'].includes(window.shisho.live), null, { timeout: 100_000, polling: 100 });
if (process.argv[3])
	await page.screenshot({ path: process.argv[3] });
const facts = await page.evaluate(() => ({
	events: window.shisho.history?.events.length ?? 0,
	last: window.shisho.history?.events.at(-1)?.seq ?? 0,
	problems: window.shisho.history?.problems.map((p) => p.kind + p.text) ?? [],
	status: document.querySelector('[role=status]').textContent,
}));
console.log(JSON.stringify({ live: await live(), ...facts, requests: requests.length, complaints }));
await browser.close();
