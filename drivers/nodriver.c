/*
 * Disk controllers without a driver: reported by name, so that the user learns why a disk is missing.
 *
 * Only PCI's configuration space is read, which does not tell whether a disk is attached.
 *
 * Source: "PCI Local Bus Specification 2.2", "Class Codes", base class 01h; [VIRTIO] "PCI Device Discovery".
 */
#include "drivers/nodriver.h"

#include "drivers/pci.h"
#include "kernel/base/printk.h"

/* Virtio disks are of class SCSI too; their driver reports the ones it cannot use. */
enum { PRODUCT_LEGACY_DISK = 0x1001, PRODUCT_MODERN_DISK = 0x1042 };

static bool nodriver_is_virtio_disk(const struct pci_function *f)
{
	return f->vendor == PCI_VENDOR_VIRTIO && (f->product == PRODUCT_LEGACY_DISK || f->product == PRODUCT_MODERN_DISK);
}

void nodriver_report(void)
{
	static const struct {
		u16 class;
		const char *name;
	} kinds[] = {
		{ 0x0100, "SCSI" }, { 0x0104, "RAID" }, { 0x0105, "ATA" }, { 0x0106, "AHCI (SATA)" }, { 0x0107, "SAS" },
		{ 0x0108, "NVMe" }, { 0x0180, "storage" }, { 0x0805, "SD card" },
	};

	for (u32 i = 0; i < ARRAY_LEN(kinds); i++)
		for (const struct pci_function *f = NULL; (f = pci_find_class(kinds[i].class, f));)
			if (!nodriver_is_virtio_disk(f))
				printk("disks: there is no driver for the %s controller at PCI %02x:%02x.%x; attach its disks as "
				       "IDE or virtio-blk\n", kinds[i].name, f->bus, f->device, f->function);
}
