"""QEMU's own monitor, for tools that look at a machine from outside."""
import socket
import time


class Monitor:
    """QEMU's own monitor on a Unix socket."""
    PROMPT = b"(qemu) "

    def __init__(self, path):
        deadline = time.monotonic() + 10
        self.socket = socket.socket(socket.AF_UNIX)
        while True:
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.socket.settimeout(20)
        self._read()

    def _read(self):
        data = b""
        while not data.endswith(self.PROMPT):
            piece = self.socket.recv(65536)
            if not piece:
                break
            data += piece
        return data

    def ask(self, command):
        """=> the answer's text"""
        self.socket.sendall(command.encode() + b"\n")
        text = self._read().decode(errors="replace").replace("\r", "")
        return "\n".join(text.split("\n")[1:-1])
