/* dirent.h: reading a directory, over getdents64. */
#ifndef DIRENT_H
#define DIRENT_H

#include <stdint.h>

#define DT_UNKNOWN 0
#define DT_FIFO 1
#define DT_CHR 2
#define DT_DIR 4
#define DT_BLK 6
#define DT_REG 8
#define DT_LNK 10

/* As the kernel lays it out: d_reclen leads to the next entry. */
struct dirent {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[];
} __attribute__((packed));

typedef struct directory DIR;

DIR *opendir(const char *path);
struct dirent *readdir(DIR *dir);	/* valid until the next call; NULL: end, or error */
int closedir(DIR *dir);
int getdents64(int fd, void *to, unsigned int size);

#endif
