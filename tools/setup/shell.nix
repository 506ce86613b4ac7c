# Nix: nix-shell tools/setup/shell.nix. Then: make CROSS=i686-elf- run
{ pkgs ? import <nixpkgs> { } }:
pkgs.mkShell {
	# The flags that Nix adds for programs of a usual system are wrong for a kernel.
	hardeningDisable = [ "all" ];
	packages = [
		pkgs.pkgsCross.i686-embedded.buildPackages.gcc
		pkgs.pkgsCross.i686-embedded.buildPackages.binutils
		pkgs.gcc
		pkgs.gnumake
		pkgs.git
		pkgs.qemu
		pkgs.mtools
		pkgs.xorriso
		pkgs.e2fsprogs
		pkgs.util-linux
		pkgs.gdb
		pkgs.python3
	]
	# With GRUB's modules for PCs only on a PC.
	++ pkgs.lib.optional (pkgs.stdenv.hostPlatform.isx86 && pkgs.stdenv.hostPlatform.isLinux) pkgs.grub2;
}
