/* termios.h: the terminal's mode, in the layout that ioctl TCGETS and TCSETS use. */
#ifndef TERMIOS_H
#define TERMIOS_H

#define NCCS 19

struct termios {
	unsigned int c_iflag, c_oflag, c_cflag, c_lflag;
	unsigned char c_line;
	unsigned char c_cc[NCCS];
};

#define VINTR 0
#define VEOF 4
#define VTIME 5
#define VMIN 6

#define ICRNL 0000400
#define IXON 0002000
#define OPOST 0000001
#define ISIG 0000001
#define ICANON 0000002
#define ECHO 0000010
#define IEXTEN 0100000

#define TCSANOW 0

int tcgetattr(int fd, struct termios *mode);
int tcsetattr(int fd, int when, const struct termios *mode);

#endif
