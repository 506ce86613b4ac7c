// What the picture shows, in words: for screen readers, for titles under the pointer, and for the text mode.

import type { PageAt } from '../../links';
import { address, frameOwner, objectName } from '../../names';
import type { View } from '../../skin';
import { say, type Lang } from '../../words';

export function tellPage(view: View, at: PageAt, lang: Lang): string {
	const parts = [say('pages.page', lang, { va: address(at.va) }), say(`pages.look.${at.look}`, lang)];
	if (at.frame)
		parts.push(say('pages.in.frame', lang, { frame: at.frame }));
	if (at.slot)
		parts.push(say(at.frame ? 'pages.copy.slot' : 'pages.in.slot', lang, { slot: at.slot }));
	if (at.object && !at.page)
		parts.push(say('page.object', lang, { index: at.object.index, object: objectName(view.state, at.object.obj, lang) }));
	if (at.frame && !at.mapped)
		parts.push(say('pages.unmapped', lang));
	if (at.busy)
		parts.push(say('pages.busy', lang));
	return parts.join(say('list.separator', lang));
}

export function tellFrame(view: View, frame: number, lang: Lang): string {
	return say('pages.frame', lang, { frame }) + ': ' + frameOwner(view.state, frame, lang);
}
