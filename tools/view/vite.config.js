// Builds one HTML file that loads nothing: page.html. Its program and its styles are packed to less than half; equal sources give
// equal bytes on any machine, since the packer is a library under the lock file (and see svelte.config.js).
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { deflateSync, strToU8 } from 'fflate';
import { defineConfig } from 'vite';
import { viteSingleFile } from 'vite-plugin-singlefile';

const ENTRY = process.env.VIEW_ENTRY ?? 'index.html'; // or web.html, see tools/view/web

/** What stands in the page instead of its program: unpacks styles and program, and runs it. */
const UNPACK = (packed) => `<script type="module">
const bytes = Uint8Array.from(atob('${packed}'), (c) => c.charCodeAt(0));
const [css, js] = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).json();
for (const [kind, text] of [['style', css], ['script', js]])
	document.head.append(Object.assign(document.createElement(kind), { className: 'unpacked', textContent: text }));
</script>`;

/** Packs the page's style and script elements. */
function pack() {
	return {
		name: 'pack',
		enforce: 'post',
		generateBundle: {
			order: 'post',
			handler(_, bundle) {
				const page = bundle[ENTRY];
				const parts = [/<style[^>]*>([^]*?)<\/style>/, /<script type="module"[^>]*>([^]*?)<\/script>/].map((shape) => {
					const [element, text] = shape.exec(page.source);
					page.source = page.source.replace(element, '');
					return text;
				});
				const packed = deflateSync(strToU8(JSON.stringify(parts)), { level: 9 });
				page.source = page.source.replace('</body>', () => UNPACK(Buffer.from(packed).toString('base64')) + '\n</body>');
			},
		},
	};
}

/** Paragraphs that only tools/trace/story tells: the page needs no more of them than these. */
const PAGE_STORIES = /^story\.(why|victims|victim\.short|meanwhile|more)/;

function fewerWords() {
	return {
		name: 'fewer-words',
		enforce: 'pre',
		transform(code, id) {
			if (!id.endsWith('/words.json'))
				return null;
			const words = Object.entries(JSON.parse(code)).filter(([key]) => !key.startsWith('story.') || PAGE_STORIES.test(key));
			return JSON.stringify(Object.fromEntries(words));
		},
	};
}

export default defineConfig({
	plugins: [fewerWords(), svelte(), viteSingleFile(), pack()],
	build: { outDir: process.env.VIEW_OUT ?? '../../build/view', emptyOutDir: false, target: 'es2022', reportCompressedSize: false,
		rollupOptions: { input: ENTRY, output: { format: 'iife' } } },
	test: { include: ['test/*.test.ts'], environment: 'node', testTimeout: 90_000 },
});
