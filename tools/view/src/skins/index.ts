import type { Skin } from '../skin';
import { heapStops } from '../heaps';
import Curves from './Curves.svelte';
import Heap from './Heap.svelte';
import Library from './Library.svelte';
import Pages from './Pages.svelte';

/** The tabs of the page, in their order. */
export const SKINS: Skin[] = [
	{ id: 'pages', component: Pages }, { id: 'library', component: Library }, { id: 'heap', component: Heap, stops: heapStops }, { id: 'curves', component: Curves },
];
