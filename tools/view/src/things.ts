// What can be chosen in a picture, marked in the DOM: an element with `data-thing` stands for a frame, a page, a slot.

import type { Thing, View } from './skin';
import type { State } from './state';

export const mark = (thing: Thing) => JSON.stringify(thing);

/** => the thing that EVENT's target stands for; null: none */
export function thingOf(target: EventTarget | null): Thing | null {
	const marked = (target as Element | null)?.closest?.('[data-thing]')?.getAttribute('data-thing');
	return marked ? (JSON.parse(marked) as Thing) : null;
}

/** => what the present event is about, if the reader has chosen nothing */
export function thingOfEvent(view: Pick<View, 'event' | 'state'> & { before?: State }): Thing | null {
	const { event, before } = view, page = event.name === 'evict' ? before?.holder.get(event.values.frame) : undefined;
	const fields: Record<string, number | string | undefined> = { ...event.values, ...(page ? { page } : {}) };
	if (typeof fields.va === 'number')
		return { kind: 'page', label: view.event.label, va: (fields.va & ~4095) >>> 0 };
	if (typeof fields.page === 'number' && fields.page) {
		for (const [label, space] of view.state.spaces)
			for (const [va, page] of space.private)
				if (page === fields.page)
					return { kind: 'page', label, va };
	}
	if (typeof fields.frame === 'number' && fields.frame)
		return { kind: 'frame', frame: fields.frame };
	if (typeof fields.slot === 'number')
		return { kind: 'slot', slot: fields.slot };
	if (typeof fields.obj === 'number' && typeof fields.index === 'number' && fields.obj)
		return { kind: 'object', obj: fields.obj, index: fields.index };
	return null;
}
