// Names of CSS classes depend on the CSS alone, not on where the files are.
export default { compilerOptions: { runes: true, cssHash: ({ css, hash }) => `s${hash(css)}` } };
