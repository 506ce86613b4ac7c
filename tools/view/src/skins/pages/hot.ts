// What a step has changed, asked for a page, a frame or a slot of the picture.

import type { PageAt } from '../../links';
import type { View } from '../../skin';

export function pageIsHot(view: View, at: PageAt): boolean {
	const key = `${view.task}:${at.va}`, { change } = view;
	return change.entries.has(key) || change.privates.has(key) || (at.page > 0 && change.pages.has(at.page));
}

/** Also the frame that the event itself is about, if only an entry that leads to it has changed. */
export const frameIsHot = ({ change, event }: View, frame: number) => change.frames.has(frame) || (event.name === 'map' && event.values.frame === frame);

export const slotIsHot = (view: View, slot: number) => view.change.slots.has(slot);
