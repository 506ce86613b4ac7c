/*
 * matrix - a product of two matrices, checked without computing it twice.
 *
 *	matrix [N]		three matrices of N x N numbers, default 96: 12 N N bytes
 *
 * With a random vector v, C v must equal A (B v). Source: Freivalds (1977).
 */
#include "check.h"

static size_t n;

static uint32_t *matrix(uint32_t *seed)
{
	uint32_t *m = (uint32_t *)check_private(n * n * sizeof(*m) / PAGE + 1);

	for (size_t i = 0; seed && i < n * n; i++)
		m[i] = check_random(seed) % 1000;
	return m;
}

static void multiply(uint32_t *c, const uint32_t *a, const uint32_t *b)
{
	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < n; k++)
			for (size_t j = 0; j < n; j++)
				c[i * n + j] += a[i * n + k] * b[k * n + j];
}

static void apply(uint32_t *to, const uint32_t *m, const uint32_t *v)
{
	for (size_t i = 0; i < n; i++) {
		to[i] = 0;
		for (size_t j = 0; j < n; j++)
			to[i] += m[i * n + j] * v[j];
	}
}

int main(int argc, char **argv)
{
	uint32_t seed = 4711, *a, *b, *c, *v, *x, *y;

	n = argc > 1 ? atoi(argv[1]) : 96;
	a = matrix(&seed);
	b = matrix(&seed);
	c = matrix(NULL);
	v = calloc(3 * n, sizeof(*v));
	CHECK(v != NULL);
	x = v + n;
	y = x + n;
	multiply(c, a, b);
	for (size_t i = 0; i < n; i++)
		v[i] = check_random(&seed);
	apply(x, b, v);
	apply(y, a, x);
	apply(x, c, v);
	CHECK_EQ(memcmp(x, y, n * sizeof(*x)), 0);
	return CHECK_OK();
}
