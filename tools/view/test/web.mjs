// web.mjs PAGE [PICTURES]: opens the page in which the kernel runs, from its file and without a network, and checks that it boots,
// runs a program, agrees with its own page tables, and travels in time exactly. Prints a line for each part.
import assert from 'node:assert/strict';
import { statSync, writeFileSync } from 'node:fs';
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

	const copy = file.replace(/\.html$/, '-saved.html');
	writeFileSync(copy, await page.evaluate(() => window.shisho.saved()));
	assert.ok(statSync(copy).size < 1_000_000, 'the saved page carries no machine');
	const saved = await open(`${pathToFileURL(copy).href}`);
	await saved.page.waitForSelector('footer');
	assert.deepEqual(await saved.page.evaluate(() => [Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow')), window.shisho.history.events.length,
		document.querySelector('.title .mono').textContent, window.machine]), [seq, await page.evaluate(() => window.shisho.history.events.length), 'demo cow --auto', undefined]);
	assert.deepEqual([saved.complaints, saved.requests.filter((r) => !/^(data|blob):/.test(r)).length], [[], 1]);
	await saved.browser.close();
	console.log('ok      saved, it opens at the same event, without a machine');

	await page.click('text=Run again');
	assert.equal(await page.inputValue('[name=typed]'), 'demo cow --auto');
	await page.fill('[name=frames]', '48');
	await page.selectOption('[name=policy]', 'fifo');
	await page.click('form button >> text=Start');
	await page.waitForFunction(() => window.beside?.live === 'ended', null, { polling: 200 });
	const { machine, seqs, faults } = await page.evaluate(() => ({ machine: window.beside.history.machine, seqs: window.beside.history.events.filter((e) => e.name === 'fault').map((e) => e.seq),
		faults: [window.shisho, window.beside].map(({ history }) => history.events.filter((e) => e.name === 'fault' && e.values.result === 'ok').length) }));
	assert.deepEqual([machine.policy, machine.limit], ['fifo', 48]);
	const stands = Number(await page.locator('[role=slider]').nth(1).getAttribute('aria-valuenow'));
	assert.equal(await page.evaluate((n) => window.beside.history.events[window.beside.history.indexOf(n) + 1].name, stands), 'exit', 'it stands at the end of the program');
	await page.evaluate((n) => window.beside.goto(n), seqs[30]);
	assert.deepEqual(await page.locator('[role=slider]').evaluateAll((all) => all.map((e) => Number(e.getAttribute('aria-valuenow')))), [seq, seqs[30]]);
	await page.waitForFunction((n) => document.querySelectorAll('.numbers tbody tr')[1]?.querySelector('td').textContent === n, String(faults[1]), { polling: 100 });
	assert.deepEqual(await page.locator('.numbers tbody tr td:nth-of-type(1)').allTextContents(), faults.map(String));
	assert.deepEqual(await page.locator('.numbers tbody th').allTextContents(), ['clock, 4,096 frames', 'fifo, 48 frames']);
	await picture('beside');
	await page.click('text=Curves, one above');
	assert.match(await page.textContent('.words'), new RegExp(`^fifo, 48 frames: ${faults[1]} page faults, .* more than clock, 4,096 frames \\(${faults[0]}\\)`));
	await picture('curves');
	await page.click('text=End the comparison');
	assert.equal(await page.locator('[role=slider]').count(), 1);
	await travel(seq);
	console.log('ok      the same input in a second machine: both stand side by side, with their numbers');

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
	process.exit(1); // other browsers may be open
}
await browser.close();
