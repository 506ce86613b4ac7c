// What each event changes in the state, and what is impossible about it. An event without a function here changes nothing.

import type { EventValues } from './schema';
import { NOFORK, Space, WIPED, WIRED, inside, objectKey } from './space';
import type { State } from './state';
import type { EventName } from './trace';

const hex = (n: number) => '0x' + n.toString(16);
const count = (map: Map<number, number>, key: number, by: number) => map.set(key, (map.get(key) ?? 0) + by);

export const HAPPENS: { [N in EventName]?: (s: State, label: number, v: EventValues[N]) => void } = {
	// the trace itself

	hello(s, _, v) {
		s.begin(v.classes.split(','));
		s.policy = v.policy;
	},

	snapshot(s, _, v) {
		s.snapshot = v.part === 'begin';
		if (s.snapshot)
			s.forgetDescribed();
		else
			s.old = new Set([...s.frames.keys()].filter((frame) => !s.victims.has(frame)));
	},

	counter(s, _, v) {
		s.counters.set(v.name, v.value);
	},

	dropped(s) {
		s.running = null;
	},

	policy(s, _, v) {
		s.policy = v.name;
	},

	// tasks and threads

	run(s, label, v) {
		s.running = { thread: v.thread, label };
		s.threads.set(v.thread, v.name);
		if (label)
			s.names.set(label, v.name);
	},

	name(s, label, v) {
		s.names.set(label, v.name);
	},

	object(s, _, v) {
		s.objectNames.set(v.obj, v.name);
	},

	trap(s, label, v) {
		const open = s.traps.get(label);
		if (open)
			s.complain('fault', `the fault at ${hex(open.va)} has not ended`);
		s.traps.set(label, { thread: s.thread(), ...v });
	},

	fault(s, label, v) {
		const trap = s.traps.get(label);
		if (!trap || trap.thread !== s.thread())
			return;
		s.traps.delete(label);
		if (trap.va >>> 12 !== v.va >>> 12)
			s.complain('fault', `the processor has raised a fault at ${hex(trap.va)}`);
	},

	wait(s, _, v) {
		if (s.waiting.has(s.thread()))
			s.complain('wait', 'this thread waits already');
		s.waiting.set(s.thread(), [v.what, v.frame]);
	},

	resume(s, _, v) {
		const thread = s.thread(), waited = s.waiting.get(thread);
		s.waiting.delete(thread);
		const same = waited?.[0] === v.what && waited[1] === v.frame;
		if (!same && (waited || s.known.has(s.thread()!)))
			s.complain('wait', `this thread has waited for ${waited ? `('${waited[0]}', ${waited[1]})` : 'None'}`);
	},

	// spaces and regions

	space(s, label) {
		if (s.spaces.has(label))
			s.complain('space', `there is a space ${label} already`);
		s.spaces.set(label, new Space());
	},

	fork(s, label, v) {
		const child = s.space(label), parent = s.space(v.parent);
		child.regions = parent.regions.filter((r) => !(r.flags & NOFORK)).map((r) => ({ ...r, flags: r.flags & ~WIRED }));
		const full = child.regions.filter((r) => !(r.flags & WIPED));
		child.private = new Map([...parent.private].filter(([va]) => full.some((r) => inside(r, va))));
		if (child.private.size !== v.pages)
			s.complain('space page', `${v.pages} pages, followed ${child.private.size}`);
		s.names.set(label, s.names.get(v.parent) ?? '');
		for (const va of child.private.keys())
			if (parent.entries.get(va)?.[1])
				s.complain('space page map', `${hex(va)} is shared now and still writable`);
	},

	exec(s, label, v) {
		if (s.spaces.has(label))
			s.complain('space', `space ${label} is still there`);
		s.spaces.set(label, s.space(v.from));
		s.spaces.delete(v.from);
	},

	exit(s, label, v) {
		const space = s.space(label);
		if (space.entries.size)
			s.complain('map space', `${space.entries.size} pages are still mapped`);
		if (space.regions.length && space.private.size !== v.pages) // without regions: a fork that failed half-way
			s.complain('space page', `${v.pages} pages, followed ${space.private.size}`);
		s.spaces.delete(label);
		s.names.delete(label);
		s.traps.delete(label);
		s.away.delete(label);
	},

	procout(s, label) {
		s.away.add(label);
	},

	procin(s, label) {
		s.away.delete(label);
	},

	region(s, label, v) {
		const space = s.space(label);
		if (space.regions.some((r) => r.start < v.end && v.start < r.end))
			s.complain('space', `${hex(v.start)}-${hex(v.end)} overlaps another region`);
		space.regions = [...space.regions, { ...v }].sort((a, b) => a.start - b.start);
	},

	unregion(s, label, v) {
		const space = s.space(label);
		space.change(v.start, v.end, () => null);
		space.forget(v.start, v.end);
		for (const va of space.entries.keys())
			if (v.start <= va && va < v.end) {
				s.complain('map space', 'pages are still mapped');
				break;
			}
	},

	grow(s, label, v) {
		const space = s.space(label);
		space.regions = space.regions.map((r) => (r.start === v.old ? { ...r, start: v.start } : r));
	},

	protect(s, label, v) {
		s.space(label).change(v.start, v.end, (r) => ({ ...r, prot: v.prot }));
	},

	wire(s, label, v) {
		s.space(label).change(v.start, v.end, (r) => ({ ...r, flags: (r.flags & ~WIRED) | (v.wired ? WIRED : 0) }));
	},

	inherit(s, label, v) {
		s.space(label).change(v.start, v.end, (r) => ({ ...r, flags: (r.flags & ~(NOFORK | WIPED)) | v.flags }));
	},

	// entries

	map(s, label, v) {
		const space = s.space(label);
		if (space.entries.has(v.va))
			s.complain('map', `${hex(v.va)} is mapped already`);
		if (!space.regions.some((r) => inside(r, v.va)))
			s.complain('map space', `${hex(v.va)} lies in no region`);
		space.entries.set(v.va, [v.frame, v.writable]);
		count(s.mapped, v.frame, 1);
		s.settle(v.frame);
	},

	unmap(s, label, v) {
		const entries = s.space(label).entries, entry = entries.get(v.va);
		entries.delete(v.va);
		if (entry?.[0] !== v.frame)
			s.complain('map', `${hex(v.va)} was ${entry ? `mapped to frame ${entry[0]}` : 'not mapped'}`);
		count(s.mapped, v.frame, -1);
	},

	readonly(s, label, v) {
		const entries = s.space(label).entries, entry = entries.get(v.va);
		if (!entry)
			s.complain('map', `${hex(v.va)} is not mapped`);
		else
			entries.set(v.va, [entry[0], 0]);
	},

	// frames

	framealloc(s, _, v) {
		if (s.frames.has(v.frame))
			s.complain('frame', `frame ${v.frame} is taken already`);
		s.frames.set(v.frame, [v.order, v.state]);
	},

	framefree(s, _, v) {
		const block = s.frames.get(v.frame);
		s.frames.delete(v.frame);
		if (block?.[0] !== v.order)
			s.complain('frame', `frame ${v.frame} was ${block ? 'a block of another size' : 'free'}`);
		if (s.mapped.get(v.frame))
			s.complain('frame map', `frame ${v.frame} is still mapped`);
		s.holder.delete(v.frame);
		s.seen.delete(v.frame);
		s.settle(v.frame);
	},

	look(s, _, v) {
		s.holdsPage(v.frame);
		s.hand = v.frame;
		s.seen.set(v.frame, [v.verdict === 'skipped' ? v.accessed : 0, v.dirty]);
	},

	victim(s, _, v) {
		s.holdsPage(v.frame);
		s.victims.set(v.frame, v.why);
	},

	evict(s, _, v) {
		if (v.how !== 'failed' && !s.victims.has(v.frame) && !s.old.has(v.frame))
			s.complain('evict', `frame ${v.frame} was not chosen`);
		s.settle(v.frame);
		if (s.mapped.get(v.frame))
			s.complain('map', `frame ${v.frame} is still mapped`);
		const id = s.holder.get(v.frame), page = id === undefined ? undefined : s.pages.get(id);
		s.holder.delete(v.frame);
		if (page) {
			s.pages.set(id!, { ...page, frame: 0 });
			if (!page.slot)
				s.complain('slot page', `page ${hex(id!)} is in no slot`);
		} else if (v.kind === 'anon') {
			s.complain('page swap', `frame ${v.frame} held no page (${v.how})`);
		}
	},

	// pages

	page(s, _, v) {
		if (s.pages.has(v.page) && !s.snapshot)
			s.complain('page', `there is a page ${hex(v.page)} already`);
		s.pages.set(v.page, { frame: v.frame, slot: 0 });
		if (v.frame)
			s.holder.set(v.frame, v.page);
	},

	pagefree(s, _, v) {
		const gone = s.pages.get(v.page);
		s.pages.delete(v.page);
		if (!gone) {
			s.complain('page', `there is no page ${hex(v.page)}`);
			return;
		}
		if (gone.slot) {
			s.slots.set(gone.slot, 0);
			if (!s.moving.has(gone.slot))
				s.complain('page slot swap', `slot ${gone.slot} is left behind`);
		}
		s.holder.delete(gone.frame);
	},

	discard(s, label, v) {
		s.space(label).forget(v.start, v.end);
	},

	private(s, label, v) {
		if (!s.pages.has(v.page))
			s.complain('page', `there is no page ${hex(v.page)}`);
		s.space(label).private.set(v.va, v.page);
	},

	shmpage(s, _, v) {
		s.objects.set(objectKey(v.obj, v.index), ['page', v.page]);
	},

	filepage(s, _, v) {
		if (s.objects.has(objectKey(v.obj, v.index)))
			s.complain('page', `object ${hex(v.obj)} has its page ${v.index} already`);
		s.objects.set(objectKey(v.obj, v.index), ['frame', v.frame]);
	},

	objdrop(s, _, v) {
		if (!s.objects.delete(objectKey(v.obj, v.index)))
			s.complain('page', `object ${hex(v.obj)} has no page ${v.index}`);
	},

	// swap

	slotalloc(s, _, v) {
		if (s.slots.has(v.slot))
			s.complain('slot', `slot ${v.slot} is taken already`);
		s.slots.set(v.slot, v.page);
		const page = s.pages.get(v.page);
		if (page)
			s.pages.set(v.page, { ...page, slot: v.slot });
		if (!s.snapshot)
			s.moving.add(v.slot);
	},

	slotfree(s, _, v) {
		const id = s.slots.get(v.slot), page = id === undefined ? undefined : s.pages.get(id);
		s.slots.delete(v.slot);
		if (id === undefined)
			s.complain('slot', `slot ${v.slot} was free`);
		if (page?.slot === v.slot)
			s.pages.set(id!, { ...page, slot: 0 });
	},

	pagein(s, _, v) {
		if (s.slots.get(v.slot) !== v.page)
			s.complain('slot page', `slot ${v.slot} is not page ${hex(v.page)}'s`);
		s.pages.set(v.page, { slot: v.slot, ...s.pages.get(v.page), frame: v.frame });
		s.holder.set(v.frame, v.page);
		s.moving.add(v.slot);
	},

	swapread: finished,
	swapwrite: finished,
};

function finished(s: State, _: number, v: { slot: number; n: number }) {
	for (const slot of s.moving)
		if (v.slot <= slot && slot < v.slot + v.n)
			s.moving.delete(slot);
}
