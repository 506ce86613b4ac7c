// What must hold of the page at every step, whatever it shows.

import assert from 'node:assert/strict';

/** No text names what should stand there instead: a key of words.json, a placeholder, a value that is missing. */
export async function checkText(page, where) {
	const text = await page.evaluate(() => document.body.innerText);
	assert.doesNotMatch(text, /\{\w+\}|undefined|NaN|\[object/, where);
	assert.doesNotMatch(text, /\b(page|pages|bit|life|event|fault|inspect|story|framealloc|predict|curves)\.(?!c\b)[a-z]/, where);
}

/** Nothing lies outside of the window: it does not scroll. The lists find out how much room they have within a few frames. */
export async function checkInside(page, where) {
	const outside = await page.evaluate(async () => {
		let found = [];
		for (let frame = 0; frame < 20; frame++) {
			found = [...document.querySelectorAll('#page *')].filter((e) => {
				const box = e.getBoundingClientRect();
				return box.width && !e.closest('.hidden, .ruler, .life') && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1);
			});
			if (!found.length)
				break;
			await new Promise(requestAnimationFrame);
		}
		return found.map((e) => e.outerHTML.slice(0, 100));
	});
	assert.deepEqual(outside, [], where);
}
