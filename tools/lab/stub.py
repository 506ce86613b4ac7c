"""QEMU's GDB stub, as far as it is needed to stop a machine at an address: no more than two breakpoints and `continue`.

A machine that goes on from an address with a breakpoint would stop there again at once. So there are two places, one behind the
other: at the first one the breakpoint is moved to the second, and back.

Source: GDB manual, appendix "GDB Remote Serial Protocol": "Packets", "Stop Reply Packets".
"""
import socket


class Ended(Exception):
    """The machine has ended."""


class Stub:
    """A machine that waits on the socket PATH, to be stopped each time it comes to the address HERE, and then to THERE, which follows."""
    def __init__(self, path, here, there):
        self.socket, self.buffer = socket.socket(socket.AF_UNIX), b""
        self.socket.connect(path)
        self.here, self.there = here, there
        self.ask(f"Z0,{here:x},1")
        self.send("c")

    def send(self, command):
        data = command.encode()
        try:
            self.socket.sendall(b"+$" + data + b"#%02x" % (sum(data) % 256))
        except OSError:
            raise Ended from None

    def packet(self, timeout=None):
        """=> the next packet; None: none came within TIMEOUT seconds"""
        self.socket.settimeout(timeout)
        while self.buffer.count(b"#") == 0 or len(self.buffer) < self.buffer.index(b"#") + 3:
            try:
                piece = self.socket.recv(4096)
            except TimeoutError:
                return None
            except OSError:
                piece = b""
            if not piece:
                raise Ended
            self.buffer += piece
        start, end = self.buffer.index(b"$") + 1, self.buffer.index(b"#")
        found, self.buffer = self.buffer[start:end].decode(), self.buffer[end + 3:]
        return found

    def ask(self, command):
        self.send(command)
        answer = self.packet(20)
        if answer != "OK":
            raise Ended

    def wait(self, timeout):
        """=> has the machine come to HERE within TIMEOUT seconds? It stands still there then."""
        told = self.packet(timeout)
        if told is not None and told[0] not in "TS":
            raise Ended
        return told is not None

    def go_on(self):
        """From HERE."""
        self.move(self.here, self.there)
        while not self.wait(20):
            pass
        self.move(self.there, self.here)

    def move(self, old, new):
        self.ask(f"Z0,{new:x},1")
        self.ask(f"z0,{old:x},1")
        self.send("c")
