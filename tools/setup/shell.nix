# Nix: nix-shell tools/setup/shell.nix. Then: make CROSS=i686-elf- run
{ pkgs ? import <nixpkgs> { } }:
pkgs.mkShell {
	packages = [
		pkgs.pkgsCross.i686-embedded.buildPackages.gcc
		pkgs.pkgsCross.i686-embedded.buildPackages.binutils
		pkgs.gcc
		pkgs.gnumake
		pkgs.git
		pkgs.qemu
		pkgs.grub2
		pkgs.xorriso
		pkgs.mtools
		pkgs.e2fsprogs
		pkgs.util-linux
		pkgs.gdb
		pkgs.python3
	];
}
