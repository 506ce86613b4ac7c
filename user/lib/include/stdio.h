/* stdio.h: buffered files and formatted output. */
#ifndef STDIO_H
#define STDIO_H

#include <stdarg.h>
#include <stddef.h>
#include <sys/types.h>

#define EOF (-1)
#define BUFSIZ 4096

#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define SEEK_DATA 3
#define SEEK_HOLE 4

/*
 * A file is reading (bytes [next, limit) of the buffer are still to be delivered) or writing
 * (bytes [0, next) are still to be written), as fopen said; never both.
 */
struct stdio_file {
	int fd;
	unsigned char mode;		/* STDIO_READ ... as in stdio.c */
	unsigned char buffering;	/* whole buffers, lines, or not at all */
	unsigned char error;
	unsigned char eof;
	size_t next, limit;
	struct stdio_file *link;	/* all files that fopen made, for fflush(NULL) */
	unsigned char *buffer;
};

typedef struct stdio_file FILE;

extern FILE *stdin, *stdout, *stderr;

FILE *fopen(const char *path, const char *mode);	/* "r", "w", "a" */
FILE *fdopen(int fd, const char *mode);
int fclose(FILE *f);
int fflush(FILE *f);				/* NULL: all; EOF when a write failed */
int fileno(FILE *f);
int feof(FILE *f);
int ferror(FILE *f);

int fgetc(FILE *f);
char *fgets(char *line, int size, FILE *f);
ssize_t getline(char **line, size_t *capacity, FILE *f);
size_t fread(void *to, size_t size, size_t count, FILE *f);

int fputc(int c, FILE *f);
int fputs(const char *s, FILE *f);
size_t fwrite(const void *from, size_t size, size_t count, FILE *f);
int putchar(int c);
int puts(const char *s);
void perror(const char *what);

/*
 * Conversions: d i u x X o c s p %, with flags - 0 + space #, width, precision (* too), and the
 * lengths hh h l ll z j t. No floating point.
 */
int printf(const char *format, ...) __attribute__((format(printf, 1, 2)));
int fprintf(FILE *f, const char *format, ...) __attribute__((format(printf, 2, 3)));
int dprintf(int fd, const char *format, ...) __attribute__((format(printf, 2, 3)));
int snprintf(char *to, size_t size, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int vfprintf(FILE *f, const char *format, va_list ap);
int vdprintf(int fd, const char *format, va_list ap);
int vsnprintf(char *to, size_t size, const char *format, va_list ap);

#endif
