// web-c.mjs PAGE [PICTURES]: opens the page that has a C compiler, from its file and without a network; types programs into its editor
// and checks what the terminal, the editor and the picture show. Prints a line for each part.
import assert from 'node:assert/strict';
import { pathToFileURL } from 'node:url';
import { open } from './open.mjs';

const [file, pictures] = process.argv.slice(2);
const { browser, page, requests, complaints } = await open(pathToFileURL(file).href);
page.setDefaultTimeout(100_000);
const shows = (text) => page.waitForFunction((t) => window.machine.screen?.includes(t), text, { polling: 100 });
const picture = (name) => pictures && page.screenshot({ path: `${pictures}/${name}.png` });
const editor = page.getByRole('region', { name: 'C program' });
const says = (text) => editor.getByRole('status').filter({ hasText: text }).waitFor();
const program = (body) => `#include <stdio.h>\n#include <stdlib.h>\n\nint main(void)\n{\n${body}\n\treturn 0;\n}\n`;

/** Types a program with BODY and starts it. */
async function start(body) {
	await editor.getByRole('textbox', { name: 'Source of hello.c' }).fill(program(body));
	await editor.getByRole('button', { name: 'Compile and run' }).click();
}

/** => the task that the picture shows, and what it is called */
const followed = () => page.locator('header select').first().evaluate((select) => select.selectedOptions[0].textContent.trim());

try {
	await shows('Try: demo');
	await editor.getByRole('combobox', { name: 'Example' }).selectOption({ label: 'hello.c: hello' });
	await start('\tint number = 3\n\tretrun number;');
	await says('Not compiled.');
	await shows("hello.c:7: error: ';' expected");
	assert.deepEqual(await editor.locator('.wrong').allTextContents(), ['7']);
	await picture('refused');
	await editor.getByRole('button', { name: 'line 7' }).click();
	assert.equal(await editor.locator('textarea').evaluate((area) => area.value.slice(area.selectionStart, area.selectionEnd)), '\tretrun number;');
	console.log('ok      a mistake is shown in the terminal and at its line');

	await start('\tprintf("it runs\\n");\n\tfor (;;)\n\t\t;');
	await says('It runs;');
	assert.match(await followed(), /^hello\b/);
	await picture('runs');
	console.log('ok      the picture follows the program while it runs');

	// 本 takes three bytes.
	await start('\tchar *p = malloc(20 * 4096);\n\n\tfor (int i = 0; i < 20; i++)\n\t\tp[i * 4096] = 1;\n\tprintf("%s\\n", "本: 20 pages");');
	await says('It has ended.');
	await shows('\n本: 20 pages');
	assert.match(await followed(), /^hello\b/);
	await page.waitForFunction(() => window.machine.at && window.machine.truth, null, { polling: 50 });
	const { label, pages, differences } = await page.evaluate(() => window.machine.truth);
	assert.match(await page.evaluate((task) => window.shisho.history.at(window.shisho.history.last).names.get(task) ?? 'gone', label), /gone/);
	assert.ok(pages > 20 && differences.length === 0, `${pages} pages, ${differences.length} differences`);
	await picture('ended');
	console.log('ok      one that runs is interrupted; at the end the picture is at the last fault, with all pages');

	assert.deepEqual(await page.evaluate(() => window.shisho.history.problems), []);
	assert.deepEqual(complaints, []);
	assert.equal(requests.filter((r) => !/^(data|blob):/.test(r)).length, 1);
} catch (error) {
	console.log('FAILED', String(error), JSON.stringify(complaints), (await page.evaluate(() => `${window.machine.screen}\n${document.body.innerText}`)).slice(0, 2500));
	await picture('failed');
	process.exitCode = 1;
} finally {
	await browser.close();
}
