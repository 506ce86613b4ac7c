// The small sign of a page in a frame or a slot: what it looks like and what it is called.

import { linksOf, pageAt } from '../../links';
import { shortName } from '../../names';
import type { View } from '../../skin';
import type { Sign } from './Shape.svelte';

/** OWNER: the label of another space that it belongs to; 0: none. OBJ: the object that it is a page of, if that is not said otherwise; 0: none. */
export interface Chip { look: Sign; label: string; owner: number; obj: number; foreign: boolean; busy: boolean }

function chipOfPage(view: View, page: number): Chip {
	const links = linksOf(view.state), owners = links.owners.get(page) ?? [];
	const mine = owners.find((p) => p.label === view.task), owner = mine ?? owners[0];
	const region = owner && view.state.spaces.get(owner.label)?.regions.find((r) => r.start <= owner.va && owner.va < r.end);
	if (owner && region) {
		const at = pageAt(view.state, owner.label, region, owner.va);
		return { look: at.look, label: shortName(owner.va), owner: mine ? 0 : owner.label, obj: 0, foreign: !mine,
			busy: at.busy };
	}
	const shared = links.shared.get(page);
	const at = shared && view.state.spaces.get(view.task)?.regions.find((r) => r.obj === shared.obj && r.index <= shared.index &&
		shared.index < r.index + ((r.end - r.start) >>> 12));
	if (shared && at)
		return { look: 'shared', label: shortName(at.start + ((shared.index - at.index) << 12)), owner: 0, obj: 0, foreign: false, busy: false };
	return { look: 'shared', label: shared ? objectPage(shared.index) : '', owner: 0, obj: shared?.obj ?? 0, foreign: true, busy: false };
}

/** => a page of an object that the task has not mapped, by its number in the object */
const objectPage = (index: number) => '+' + index.toString(16);

/** => what is in FRAME; null: no page */
export function chipInFrame(view: View, frame: number): Chip | null {
	const links = linksOf(view.state), page = view.state.holder.get(frame), file = links.files.get(frame);
	if (page)
		return chipOfPage(view, page);
	if (!file)
		return chipWithoutPage(view.state.frames.get(frame)?.[1]);
	const mine = links.mappers.get(frame)?.find((p) => p.label === view.task);
	return { look: 'file', label: mine ? shortName(mine.va) : objectPage(file.index), owner: 0, obj: file.obj, foreign: !mine, busy: false };
}

/** => a frame that is allocated but holds no page: a page table, or one for a page that is being made */
function chipWithoutPage(state: string | undefined): Chip | null {
	if (state === 'table')
		return { look: 'table', label: '', owner: 0, obj: 0, foreign: false, busy: false };
	return state === 'anon' || state === 'file' ? { look: state === 'anon' ? 'memory' : 'file', label: '', owner: 0, obj: 0, foreign: true, busy: true } : null;
}

/** => what is in SLOT; null: nothing */
export function chipInSlot(view: View, slot: number): Chip | null {
	const page = view.state.slots.get(slot);
	if (!page)
		return null;
	return { ...chipOfPage(view, page), look: 'slot', owner: 0, obj: 0, busy: view.state.moving.has(slot) };
}
