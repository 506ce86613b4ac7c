"""Images of ext2 disks: read, changed and checked with e2fsprogs; and machines that boot from an image and change it."""
import os
import subprocess

from support import Case, emulator, machine


def with_sbin():
    return dict(os.environ, PATH=os.environ["PATH"] + ":/usr/sbin:/sbin")


def e2fsck(image, *flags):
    """=> its status, and what it printed"""
    done = subprocess.run(["e2fsck", *flags, image], capture_output=True, text=True, check=False, env=with_sbin())
    return done.returncode, done.stdout + done.stderr


def debugfs(image, request):
    """=> what debugfs answers to REQUEST, which changes nothing"""
    return subprocess.run(["debugfs", "-R", request, image], capture_output=True, text=True, check=True,
                          env=with_sbin()).stdout


def dumpe2fs(image, *flags):
    return subprocess.run(["dumpe2fs", *flags, image], capture_output=True, text=True, check=True, env=with_sbin()).stdout


def stored(image, path):
    """=> the bytes that the file has in the image"""
    return subprocess.run(["debugfs", "-R", f"cat {path}", image], capture_output=True, check=True, env=with_sbin()).stdout


def change(image, *requests):
    """Changes IMAGE by debugfs's REQUESTS."""
    for request in requests:
        done = subprocess.run(["debugfs", "-w", "-R", request, image], capture_output=True, text=True, check=True,
                              env=with_sbin())
        assert not done.stderr.partition("\n")[2], done.stderr


def pattern(first):
    """=> what /test/save-mark stores in a file that it begins with FIRST"""
    return bytes(ord(first) + i // 1000 % 20 for i in range(40 * 4096))


class ImageCase(Case):
    def run_on(self, image, cmd, *others, timeout=100, words="", status=0, **options):
        """Runs CMD with IMAGE as the root, which keeps what is written; disks OTHERS come before it. => output"""
        result = emulator.run(machine(cmd, words=words, disks=[*others, image], keep=True, **options), timeout)
        if status is not None:
            self.assertEqual(result.status, status, result.output[-3000:])
        return result.output

    def check_clean(self, image):
        """e2fsck finds nothing to repair."""
        status, text = e2fsck(image, "-fn")
        self.assertEqual(status, 0, text)
