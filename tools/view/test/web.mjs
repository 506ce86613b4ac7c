// web.mjs PAGE [PICTURES]: opens the page in which the kernel runs, from its file and without a network, and checks that it boots,
// runs a program, agrees with its own page tables, and travels in time exactly. Prints a line for each part.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { open } from './open.mjs';

const [file, pictures] = process.argv.slice(2);
const { browser, page, requests, complaints } = await open(pathToFileURL(file).href);
page.setDefaultTimeout(100_000);
const shows = (text) => page.waitForFunction((t) => window.machine.screen?.includes(t), text, { polling: 100 });
const picture = (name) => pictures && page.screenshot({ path: `${pictures}/${name}.png` });
const last = () => page.evaluate(() => window.shisho.history.events.at(-1).seq);

/** The picture goes to the event SEQ, and the machine with it. => where the machine is, and what its tables say */
async function travel(seq) {
	await page.evaluate((n) => window.shisho.goto(n), seq);
	await page.waitForFunction((n) => window.machine.at?.seq === n && window.machine.truth, seq, { polling: 20 });
	return page.evaluate(() => ({ ...window.machine.at, entries: 0, label: window.machine.truth.label, pages: window.machine.truth.pages,
		differences: window.machine.truth.differences.length }));
}

try {
	await shows('Try: demo');
	console.log('ok      boots to the prompt');
	await page.evaluate(() => window.machine.type('demo cow --auto\r'));
	await shows('as expected');
	await picture('running');
	console.log('ok      runs demo cow --auto');

	const end = await last(), first = await page.evaluate(() => window.shisho.history.events[window.shisho.history.first].seq);
	const places = [0.98, 0.13, 0.71, 0.35, 0.52].map((part) => Math.round(first + part * (end - first)));
	const seen = new Map();
	let pages = 0;
	for (const seq of [...places, ...places.toReversed()]) {
		const { hash, differences, label, pages: mapped, ms } = await travel(seq);
		assert.equal(differences, 0, `@${seq}: the tables of task ${label} differ from the events`);
		assert.equal(hash, seen.get(seq) ?? hash, `@${seq}: memory is another`);
		seen.set(seq, hash);
		pages += mapped;
		console.log(`        @${seq}: ${mapped} pages, ${hash}, ${Math.round(ms)} ms`);
	}
	assert.ok(pages > 20);
	const { seq, hash } = await travel(places[0]);
	await page.evaluate((n) => window.machine.straight(n), seq);
	await page.waitForFunction(() => window.machine.at, null, { polling: 20 });
	assert.equal(await page.evaluate(() => window.machine.at.hash), hash, 'a run from the beginning has other memory');
	assert.equal(new Set(seen.values()).size, seen.size);
	await picture('travelled');
	console.log('ok      tables are what the events say, and memory at an event is that of a straight run');

	await page.evaluate(() => window.machine.branch());
	await page.evaluate(() => window.machine.type('echo another future\r'));
	await shows('\nanother future');
	assert.ok(await last() > seq);
	assert.deepEqual(await page.evaluate(() => window.shisho.history.problems), []);
	console.log('ok      goes on from an event of the past');

	await page.evaluate(() => window.machine.type('exit\r'));
	await page.waitForFunction(() => window.shisho.live === 'ended', null, { polling: 100 });
	assert.deepEqual(complaints, []);
	assert.deepEqual(requests.filter((r) => !/^(data|blob):/.test(r)).length, 1);
	console.log('ok      ends; one request, no message');
} catch (error) {
	console.log('FAILED', String(error), JSON.stringify(complaints), (await page.evaluate(() => document.body.innerText)).slice(0, 1500));
	await picture('failed');
	process.exitCode = 1;
} finally {
	await browser.close();
}
