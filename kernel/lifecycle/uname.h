/* The strings of uname(2), in its order. */
#pragma once

enum { UNAME_SYSTEM, UNAME_HOST, UNAME_RELEASE, UNAME_VERSION, UNAME_MACHINE, UNAME_DOMAIN, UNAME_WORDS };

extern const char *const uname_words[UNAME_WORDS];
