/*
 * A list whose end is forgotten: no pointer leads to these
 * blocks any more. Watch: the picture Heap, where they are
 * boxes without a string.
 */
#include <stdio.h>
#include <stdlib.h>

struct node {
	struct node *next;
	int number;
	char text[40];
};

static struct node *list;

int main(void)
{
	for (int i = 0; i < 12; i++) {
		struct node *node = malloc(sizeof(*node));

		node->next = list;
		node->number = i;
		snprintf(node->text, sizeof(node->text), "node %d", i);
		list = node;
	}
	for (int i = 0; i < 5; i++) {		/* five are freed */
		struct node *first = list;

		list = first->next;
		free(first);
	}
	printf("%s is the last that is known\n", list->text);
	list->next = NULL;			/* six are lost */
	free(malloc(1));
	return 0;
}
