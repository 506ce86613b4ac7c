// browser.mjs PAGE [PART...]: opens the page PAGE, which carries a recording of the scenario tour, from its file in headless
// Chromium without a network, and checks what a reader meets. Prints a line for each part; status 0 if all hold.

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { audit } from './audit.mjs';
import { checkInside, checkText } from './looks.mjs';
import { go } from './open.mjs';

const [file, ...wanted] = process.argv.slice(2);
const url = pathToFileURL(file).href;
const trace = JSON.parse(/id="recording">(.*)<\/script>/.exec(readFileSync(file, 'utf8'))[1]).trace;
const lines = trace.split('\n');
const seqOf = (line) => Number(/^@(\d+)/.exec(line)[1]);
const SIZES = [{ width: 1280, height: 720 }, { width: 1920, height: 1080 }];

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });

/** Opens the page in a context of its own. => the page; what it asks for and says is in page.requests and page.said */
async function open(hash = '', options = {}, address = url) {
	const context = await browser.newContext({ viewport: SIZES[0], offline: true, locale: 'en-US', reducedMotion: 'reduce', ...options });
	const page = await context.newPage();
	Object.assign(page, { requests: [], said: [] });
	page.on('request', (request) => page.requests.push(request.url()));
	page.on('console', (message) => page.said.push(message.text()));
	page.on('pageerror', (error) => page.said.push(error.message));
	await page.goto(address + hash);
	await page.waitForSelector('footer');
	return page;
}
/** => a copy of the page that carries the recording TEXT, named NAME */
function carrying(name, text) {
	const copy = file.replace(/\.html$/, `-${name}.html`), data = JSON.stringify({ title: name, trace: text, sites: {}, sources: {} });
	writeFileSync(copy, readFileSync(file, 'utf8').replace(/(id="recording">).*(<\/script>)/, (_, a, b) => a + data.replaceAll('<', '\\u003c') + b));
	return pathToFileURL(copy).href;
}
const at = (page) => page.evaluate(() => Number(document.querySelector('[role=slider]').getAttribute('aria-valuenow')));
const sentence = (page) => page.textContent('section p.main');

const PARTS = {
	async 'one request, no message, paused at the first page-out'() {
		const page = await open();
		assert.deepEqual(page.requests.filter((r) => !r.startsWith('data:')), [url]);
		const first = lines.slice(lines.findIndex((l) => l.includes('snapshot part=end'))).find((l) => / slotalloc /.test(l));
		assert.equal(await at(page), seqOf(first));
		assert.match(await sentence(page), /^Slot \d+ was given to page 0x[0-9a-f]+ of tour\[1\]\.$/);
		assert.match(await page.textContent('aside h2'), /^Page 0x/, 'the page that went out is told about');
		assert.equal(await at(await open('#lang=ja')), seqOf(first));
		await go(page, 1e9);
		assert.deepEqual(page.said, []);
	},

	async 'to the end and back gives the same picture'() {
		const page = await open();
		const picture = () => page.evaluate(() => document.getElementById('page').innerHTML);
		await page.keyboard.press('Home');
		const start = await picture(), seq = await at(page);
		await page.keyboard.press('End');
		assert.notEqual(await at(page), seq);
		for (let i = 0; i < 30; i++)
			await page.keyboard.press('Shift+ArrowLeft');
		await page.keyboard.press('Home');
		assert.equal(await at(page), seq);
		assert.equal(await picture(), start);
	},

	async 'each step is told in both languages'() {
		const page = await open();
		const steps = lines.filter((l) => l && / (fault|evict|slotalloc|pagein|map|victim|run|exit|region) /.test(l)).map(seqOf);
		for (const lang of ['l', 'l']) {
			await page.keyboard.press(lang);
			for (const seq of steps.filter((_, i) => i % 17 === 0)) {
				await go(page, seq);
				await checkText(page, `@${seq}`);
			}
		}
	},

	async 'nothing scrolls or overlaps, at two sizes and in two languages'() {
		for (const viewport of SIZES)
			for (const [lang, skin] of [['en', 'pages'], ['ja', 'pages'], ['en', 'library'], ['ja', 'library'], ['en', 'heap'], ['en', 'curves'], ['ja', 'curves']]) {
				const page = await open(`#lang=${lang}&skin=${skin}&seq=900`, { viewport });
				await checkInside(page, `${viewport.width} ${lang} ${skin}`);
				await page.context().close();
			}
	},

	async 'the keyboard alone reaches everything'() {
		const page = await open();
		const start = await at(page);
		await page.keyboard.press('ArrowRight');
		assert.equal(await at(page), start + 1);
		await page.keyboard.press('Shift+ArrowRight');
		const fault = await at(page);
		assert.ok(lines.some((l) => l.startsWith(`@${fault} `) && / fault /.test(l)), `@${fault} is a fault`);
		await page.keyboard.press('l');
		assert.equal(await page.evaluate(() => document.documentElement.lang), 'ja');
		await page.keyboard.press('l');
		for (let i = 0; i < 80; i++) {
			await page.keyboard.press('Tab');
			if (await page.evaluate(() => document.activeElement.hasAttribute('data-thing')))
				break;
		}
		const name = await page.evaluate(() => document.activeElement.getAttribute('aria-label'));
		await page.keyboard.press('Enter');
		assert.ok(await page.isVisible('aside header button'), `${name} is pinned`);
		await page.keyboard.press('t');
		assert.ok(await page.locator('ul li button').count() > 20, 'the lists of the text mode');
		await page.keyboard.press('?');
		assert.ok(await page.isVisible('[role=dialog]'));
		await page.keyboard.press('Escape');
		assert.ok(!await page.isVisible('[role=dialog]'));
	},

	async 'what moves, moves once, and not at all for those who want no motion'() {
		const seq = seqOf(lines.filter((l) => / pagein /.test(l))[2]);
		for (const [reducedMotion, moves] of [['reduce', false], ['no-preference', true]]) {
			const page = await open(`#seq=${seq - 1}`, { reducedMotion });
			const durations = await page.evaluate((n) => {
				const begun = [], animate = Element.prototype.animate;
				Element.prototype.animate = function (frames, options) {
					begun.push(options.duration);
					return animate.call(this, frames, options);
				};
				window.shisho.goto(n);
				return new Promise((done) => requestAnimationFrame(() => done(begun)));
			}, seq);
			assert.deepEqual(durations, moves ? [250] : []);
			await page.context().close();
		}
	},

	async 'every skin shows every moment without a message'() {
		const page = await open();
		for (let skin = 1; skin <= await page.locator('.tabs button').count(); skin++) {
			await page.keyboard.press(String(skin));
			for (const step of ['Home', 'Shift+ArrowRight', 'Shift+ArrowRight', 'End'])
				await page.keyboard.press(step);
			await go(page, 900);
			assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /\{\w+\}|undefined|NaN/);
		}
		assert.deepEqual(page.said, []);
	},

	async 'a page followed is what a search in the recording finds'() {
		const page = await open();
		for (const va of ['0x105000', '0x110000']) {
			const id = new RegExp(`^@\\d+ \\d+ 1 private va=${va} page=(\\w+)`, 'm').exec(trace)[1];
			const begin = lines.findIndex((l) => l.includes('snapshot part=end')), end = lines.findLastIndex((l) => l.includes('snapshot part=begin'));
			const own = lines.slice(begin, end).filter((l) => new RegExp(` 1 \\w+ va=${va.slice(0, -3)}[0-9a-f]{3}\\b| page=${id}\\b`).test(l) && !/ page page=/.test(l)).map(seqOf);
			const life = await page.evaluate((a) => window.shisho.life({ kind: 'page', label: 1, va: Number(a) }), va);
			assert.deepEqual(own.filter((seq) => !life.includes(seq)), [], va);
		}
	},

	async 'a missing event is named'() {
		const index = lines.findIndex((l, i) => i > 300 && / map /.test(l)), seq = seqOf(lines[index]);
		const page = await open(`#seq=${seq + 1}`, {}, carrying('broken', lines.toSpliced(index, 1).join('\n')));
		assert.match(await sentence(page), new RegExp(`@${seq} is missing`));
	},

	async 'a link opens where it says, and a saved page too'() {
		const page = await open('#seq=700&lang=ja&note=look%20here');
		assert.equal(await at(page), 700);
		assert.equal(await page.textContent('.note'), 'look here');
		const copy = file.replace(/\.html$/, '-saved.html');
		writeFileSync(copy, await page.evaluate(() => window.shisho.saved()));
		const other = await open('', {}, pathToFileURL(copy).href);
		assert.equal(await at(other), 700);
		assert.equal(await other.textContent('.note'), 'look here');
		assert.equal(await other.evaluate(() => document.documentElement.lang), 'ja');
	},

	async 'Save asks for a note and a name'() {
		const page = await open('#seq=900');
		await page.click('text=Save');
		await page.fill('[name=note]', 'look at frame 9');
		await page.fill('[name=file]', 'lab-1');
		assert.deepEqual(await page.evaluate(audit), []);
		const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
		assert.equal(file.suggestedFilename(), 'lab-1.html');
		assert.match(readFileSync(await file.path(), 'utf8'), /"note":"look at frame 9"/);
		assert.ok(!await page.locator('[name=note]').count());
	},

	async 'a large recording is saved deflated, and opens'() {
		const page = await open(), copy = file.replace(/\.html$/, '-large.html');
		const more = Array.from({ length: 20000 }, (_, i) => `@${i + 1} ${i} 0 user line=${'packed'.repeat(9)}`);
		await page.evaluate((text) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File([text], 'large.txt'));
			document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
		}, more.join('\n') + '\n');
		await page.waitForSelector('text=large.txt');
		writeFileSync(copy, await page.evaluate(() => window.shisho.saved()));
		assert.ok(statSync(copy).size < more.join('\n').length / 3, 'not deflated');
		const other = await open('', {}, pathToFileURL(copy).href);
		assert.equal(await other.evaluate(() => window.shisho.history.events.length), more.length);
		assert.deepEqual(other.said, []);
	},

	async 'a recording can be dropped on it'() {
		const page = await open();
		await page.evaluate((text) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File([text], 'dropped.txt'));
			document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
		}, lines.slice(0, 400).join('\n') + '\n');
		await page.waitForSelector('text=dropped.txt');
		await page.keyboard.press('End');
		assert.equal(await at(page), seqOf(lines[399]));
	},

	async 'a second recording, dropped on the curves, is compared in numbers'() {
		const touched = seqOf(lines.findLast((l, i) => i < 900 && / fault .*row=zero_fill/.test(l))); // a page for the first time
		const page = await open(`#skin=curves&seq=${touched}`);
		const other = lines.slice(0, 1100), faults = (list) => list.filter((l) => / fault .*result=ok/.test(l)).length;
		await page.evaluate((text) => {
			const transfer = new DataTransfer();
			transfer.items.add(new File([text], 'fewer.txt'));
			document.querySelector('.page').dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
		}, other.join('\n').replace('policy=clock', 'policy=fifo') + '\n');
		await page.waitForSelector('text=fewer.txt');
		const began = lines.findIndex((l) => l.includes('snapshot part=end'));
		assert.match(await page.textContent('.words'), new RegExp(`^fifo: ${faults(other.slice(began))} page faults, .* clock \\(${faults(lines.slice(began))}\\)`));
		const both = await page.locator('h2 span').allTextContents();
		assert.deepEqual(both.map((text) => text.split(' ')[0]), [`@${touched.toLocaleString('en')}`, `@${touched.toLocaleString('en')}`], 'equal programs are in step');
		for (const keys of [[], ['l'], ['t']]) {
			for (const key of keys)
				await page.keyboard.press(key);
			assert.deepEqual(await page.evaluate(audit), []);
			assert.doesNotMatch(await page.evaluate(() => document.body.innerText), /\{\w+\}|undefined|NaN|curves\./);
		}
		await page.keyboard.press('t');
		await page.click('h2 button');
		assert.equal(await page.locator('h2 span').count(), 0);
		assert.deepEqual(page.said, []);
	},

	async 'a long sentence has two lines, and the rest of it unfolds'() {
		const page = await open('', { viewport: { width: 480, height: 600 } });
		const seq = seqOf(lines.find((l) => / evict .*kind=file how=clean/.test(l)));
		await go(page, seq);
		assert.ok(await page.evaluate(() => { const p = document.querySelector('p.main'); return p.offsetHeight > 1.5 * parseFloat(getComputedStyle(p).lineHeight); }));
		await page.click('button.more');
		const cut = await page.evaluate(() => [...document.querySelectorAll('.texts p')].filter((p) => p.scrollWidth > p.clientWidth + 1 || p.scrollHeight > p.clientHeight + 2).length);
		assert.equal(cut, 0, 'nothing is cut any more');
	},

	async 'where the task has ended, the page says so and leads back to its last step'() {
		const page = await open();
		for (const skin of ['1', '2', '3']) {
			await page.keyboard.press(skin);
			await page.keyboard.press('End');
			assert.match(await page.textContent('.gone h2'), /^tour\[1\] has ended\.$/);
			await page.click('.gone button');
			assert.ok(!await page.locator('.gone').count());
			assert.match(await page.textContent('header select'), /tour/);
		}
	},

	async 'help explains each picture'() {
		const page = await open(), told = new Set();
		for (const skin of ['1', '2', '3']) {
			await page.keyboard.press(skin);
			await page.keyboard.press('?');
			const signs = await page.locator('[role=dialog] li').allTextContents();
			assert.ok(signs.length > 10, `${skin}: ${signs.length} signs`);
			signs.forEach((sign) => told.add(sign));
			assert.deepEqual(await page.evaluate(audit), []);
			await page.keyboard.press('Escape');
		}
		assert.ok(told.size > 40);
	},

	async 'a machine of 64 MiB and 100,000 events: few events applied for a step, few elements, and a lens'() {
		const text = execFileSync(new URL('big_trace.py', import.meta.url).pathname, ['100000'], { encoding: 'utf8', maxBuffer: 1 << 26 });
		const page = await open('#seq=60000', {}, carrying('big', text));
		const count = () => page.evaluate(() => document.querySelectorAll('*').length);
		for (const skin of ['1', '2', '3', '4']) {
			await page.keyboard.press(skin);
			for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'ArrowLeft']) {
				const before = await page.evaluate(() => window.shisho.history.applied);
				await page.keyboard.press(key);
				await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
				const applied = await page.evaluate(() => window.shisho.history.applied) - before;
				assert.ok(applied <= 2000, `${key}: ${applied} events for the state after the step and that before it`);
			}
			assert.ok(await count() < 1500, `${skin}: ${await count()} elements`);
		}
		await page.keyboard.press('1');
		const under = () => page.locator('.lens .frame').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label')));
		const usual = await under();
		assert.equal(usual.length, 10);
		const map = page.locator('[role=application]').nth(1), box = await map.boundingBox();
		await page.mouse.move(box.x + 40, box.y + 40);
		const pointed = await under();
		assert.notDeepEqual(pointed, usual, 'the lens follows the pointer');
		const seq = await at(page);
		await map.focus();
		await page.keyboard.press('ArrowDown');
		assert.notDeepEqual(await under(), pointed, 'and the arrow keys');
		assert.equal(await at(page), seq, 'which do not step then');
		await page.keyboard.press('Enter');
		assert.match(await page.textContent('aside h2'), /^frame \d+$/);
		assert.deepEqual(await page.evaluate(audit), []);
		assert.deepEqual(page.said, []);
	},

	async 'predict: stops before the answer, takes it from the keyboard, counts it, and gives it away'() {
		const page = await open(), score = () => page.textContent('.score .number span');
		await page.keyboard.press('Home');
		await page.keyboard.press('p');
		const questions = [];
		for (let asked = 0; asked < 6; asked++) {
			const question = await sentence(page), seq = await at(page), choices = await page.locator('[data-choice]').count();
			questions.push(question);
			assert.match(question, /[?]$/);
			assert.ok(!await page.locator('aside .words, aside .life').count(), 'the details would give the answer away');
			await page.keyboard.press('Shift+ArrowRight');
			assert.equal(await at(page), seq, 'nobody steps over the question');
			const right = Number((await score()).split('/')[0]);
			await page.keyboard.press(String(1 + asked % choices));
			assert.match(await sentence(page), /^(Right|No, it is): /);
			assert.ok(await at(page) > seq, 'the answer is shown');
			const good = await page.locator('.choice.good.picked').count();
			assert.equal(await score(), `${right + good}/${asked + 1}`);
			assert.deepEqual(await page.evaluate(audit), []);
			await page.keyboard.press('Enter');
		}
		assert.ok(new Set(questions).size > 4, 'the questions differ');
		const skipped = await sentence(page);
		await page.keyboard.press('Escape');
		assert.notEqual(await sentence(page), skipped);
		await page.click('.score .number');
		assert.deepEqual(await page.evaluate(audit), []);
		const [file] = await Promise.all([page.waitForEvent('download'), page.click('text=answers.json')]);
		const { asked, right, answers } = JSON.parse(readFileSync(await file.path(), 'utf8'));
		assert.equal(`${right}/${asked}`, await score());
		assert.deepEqual(answers.map((a) => a.question), questions.slice(0, asked));
		for (const { seq, given, correct, right: good } of answers)
			assert.ok(lines.some((line) => line.startsWith(`@${seq} `)) && good === (given[0] === correct[0]));
		const [table] = await Promise.all([page.waitForEvent('download'), page.click('text=answers.csv')]);
		assert.equal(readFileSync(await table.path(), 'utf8').split('\r\n').length, asked + 2);
		assert.deepEqual(page.said, []);
	},

	async 'predict: a link begins with a question'() {
		const page = await open('#predict');
		assert.match(await sentence(page), /[?]$/);
		await page.keyboard.press('l');
		assert.match(await sentence(page), /か。$/);
		await page.keyboard.press('p');
		assert.ok(!await page.locator('[data-choice]').count());
	},

	async 'roles, names and contrast'() {
		for (const keys of [[], ['t'], ['?'], ['l'], ['2'], ['2', 't'], ['3'], ['4'], ['4', 't']]) {
			const page = await open('#seq=900');
			for (const key of keys)
				await page.keyboard.press(key);
			assert.deepEqual(await page.evaluate(audit), [], `after ${keys}`);
			await page.context().close();
		}
	},
};

let failed = 0;
for (const [name, part] of Object.entries(PARTS)) {
	if (wanted.length && !wanted.some((word) => name.includes(word)))
		continue;
	try {
		await part();
		console.log(`ok      ${name}`);
	} catch (error) {
		failed++;
		console.log(`FAILED  ${name}\n${error.stack}`);
	}
}
await browser.close();
process.exit(failed ? 1 : 0);
