// What must hold of the page at every step, whatever it shows.

import assert from 'node:assert/strict';

/** No text names what should stand there instead: a key of words.json, a placeholder, a value that is missing. */
export async function checkText(page, where) {
	const text = await page.evaluate(() => document.body.innerText);
	assert.doesNotMatch(text, /\{\w+\}|undefined|NaN|\[object/, where);
	assert.doesNotMatch(text, /\b(page|pages|bit|life|event|fault|inspect|story|framealloc|predict|curves)\.(?!c\b)[a-z]/, where);
}

/** Nothing lies outside of the window: it does not scroll. */
export async function checkInside(page, where) {
	const outside = await page.evaluate(() => [...document.querySelectorAll('#page *')].filter((e) => {
		const box = e.getBoundingClientRect();
		return box.width && !e.closest('.hidden, .ruler, .life') && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
	}).map((e) => e.outerHTML.slice(0, 100)));
	assert.deepEqual(outside, [], where);
}
