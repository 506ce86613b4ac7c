// A small checker of what makes a page usable with a screen reader and by those who see little; it runs in the page.

/** => texts: what is wrong */
export function audit() {
	const wrong = [];
	const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getBoundingClientRect().width > 0;
	const label = (e) => e.getAttribute('aria-label') || e.getAttribute('title') || e.textContent.trim() || e.closest('label')?.textContent.trim();
	const short = (e) => e.outerHTML.slice(0, 120);

	for (const e of document.querySelectorAll('button, select, input, [role=button], [role=slider], [role=group], [role=dialog], main, aside'))
		if (shown(e) && !label(e))
			wrong.push(`no name: ${short(e)}`);
	for (const e of document.querySelectorAll('[role=slider]'))
		for (const name of ['aria-valuemin', 'aria-valuemax', 'aria-valuenow'])
			if (!e.hasAttribute(name))
				wrong.push(`no ${name}: ${short(e)}`);
	const ids = [...document.querySelectorAll('[id]')].map((e) => e.id);
	if (new Set(ids).size !== ids.length)
		wrong.push('an id stands twice');
	if (document.querySelectorAll('main').length !== 1 || !document.querySelector('h1') || !document.documentElement.lang)
		wrong.push('one main, a heading and a language are needed');

	const numbers = (text) => (/^rgb/.test(text) ? text.match(/[\d.]+/g).map(Number) : [0, 0, 0, 0]);
	const light = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
		.reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
	const background = (e) => {
		for (let up = e; up; up = up.parentElement) {
			const [r, g, b, alpha = 1] = numbers(getComputedStyle(up).backgroundColor);
			if (alpha > 0.9)
				return [r, g, b];
		}
		return [251, 250, 247];
	};
	const texts = [...document.querySelectorAll('#page *')].filter((e) => shown(e) && [...e.childNodes].some((n) => n.nodeType === 3 && /[\p{L}\p{N}]/u.test(n.data)));
	for (const e of texts) {
		const style = getComputedStyle(e), svg = e instanceof SVGElement;
		if (e.matches(':disabled') || e.closest('[aria-hidden=true]') && svg)
			continue;
		const ink = light(numbers(svg ? style.fill : style.color)), paper = light(svg ? (e.dataset.paper?.split(' ').map(Number) ?? [255, 255, 255]) : background(e));
		const contrast = (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05);
		if (contrast < (parseFloat(style.fontSize) >= 24 ? 3 : 4.5))
			wrong.push(`contrast ${contrast.toFixed(1)}: ${short(e)}`);
	}
	return wrong.slice(0, 10);
}
