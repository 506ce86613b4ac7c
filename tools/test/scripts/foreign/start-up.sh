# musl and glibc, static and position-independent. How these files are read: foreign_case.py.
./hello-musl one two
./hello-pie one two
./hello-glibc one two
HOME=/ ./hello-musl x
