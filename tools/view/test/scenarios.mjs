// scenarios.mjs PAGE...: opens each page from its file in headless Chromium, without a network, and goes through it in both
// languages and all pictures: at the step where it opens, at steps from its beginning to its end, and at the last one. Prints a line
// for each page; status 0 if all hold.

import assert from 'node:assert/strict';
import { basename, dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkInside, checkText } from './looks.mjs';
import { go, open } from './open.mjs';

const STEPS = 8;
const SKINS = ['1', '2', '3', '4'];

async function check(file) {
	const url = pathToFileURL(file).href, { browser, page, requests, complaints } = await open(url);
	await page.waitForSelector('footer');
	const { opens, first, last, problems } = await page.evaluate(() => {
		const { first, last, events, problems } = window.shisho.history, slider = document.querySelector('[role=slider]');
		return { opens: Number(slider.getAttribute('aria-valuenow')), first: events[first].seq, last: events[last].seq, problems: problems.length };
	});
	assert.equal(problems, 0, 'the recording is whole, and each event is possible');
	assert.ok(opens > first && opens < last, `it opens at @${opens}`);
	const steps = [opens, ...Array.from({ length: STEPS }, (_, i) => first + Math.floor(((last - first) * (i + 1)) / STEPS))];
	const sentences = new Set();
	for (const lang of ['en', 'ja']) {
		if (await page.evaluate(() => document.documentElement.lang) !== lang)
			await page.keyboard.press('l');
		for (const seq of steps)
			for (const skin of SKINS) {
				await page.keyboard.press(skin);
				await go(page, seq);
				const where = `@${seq}, ${lang}, picture ${skin}`;
				await checkText(page, where);
				await checkInside(page, where);
				sentences.add(await page.textContent('section p.main'));
			}
	}
	assert.ok(sentences.size > STEPS, 'each step is told');
	assert.ok([...sentences].some((text) => /[ぁ-ん]/.test(text)), 'in Japanese too');
	assert.deepEqual(requests.filter((r) => !r.startsWith('data:')), [url]);
	assert.deepEqual(complaints, []);
	await browser.close();
	return steps.length;
}

let failed = 0;
for (const file of process.argv.slice(2)) {
	try {
		console.log(`ok      ${basename(dirname(file))}: ${await check(file)} steps`);
	} catch (error) {
		failed++;
		console.log(`FAILED  ${basename(dirname(file))}\n${error.stack}`);
	}
}
process.exit(failed ? 1 : 0);
