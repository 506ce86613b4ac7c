/*
 * Finding the IDE controller and identifying its disks: once, at boot, by polling.
 *
 * The controller is searched on PCI; its channels have the classic ports. Timings and transfer modes
 * stay as the firmware set them. A PC without PCI has the same ports, but no DMA.
 *
 * A CD-ROM answers IDENTIFY DEVICE with an error and its signature; it is reported and not used.
 *
 * Sources: [ATA-6] "IDENTIFY DEVICE", "Signature and persistence", "SET MULTIPLE MODE"; [PIIX]
 * 82371SB data sheet, "IDE Controller"; "PCI IDE Controller Specification", "Programming
 * Interface"; [BMIDE] "PCI Configuration Space".
 */
#include "drivers/ata.h"

#include "drivers/pci.h"
#include "kernel/base/clock.h"
#include "kernel/base/cmdline.h"
#include "kernel/base/printk.h"
#include "kernel/base/string.h"
#include "kernel/base/wait.h"

#define PROBE_PATIENCE 5000000000ull /* ns: a disk may have to spin up first */
#define PROBE_PAUSE 1000000u

enum { COMMAND_IDENTIFY = 0xEC, COMMAND_SET_MULTIPLE = 0xC6 };
enum { SIGNATURE_ATAPI = 0xEB14, SIGNATURE_SATAPI = 0x9669 }; /* LBA high, LBA mid */

enum { /* words of IDENTIFY DEVICE's answer */
	ID_MODEL = 27, ID_MODEL_WORDS = 20,
	ID_MAX_BLOCK = 47,
	ID_CAPABILITIES = 49, ID_HAS_DMA = 1 << 8, ID_HAS_LBA = 1 << 9,
	ID_SECTORS = 60,
	ID_COMMANDS = 83, ID_HAS_LBA48 = 1 << 10, ID_HAS_FLUSH = 1 << 12,
	ID_SECTORS_48 = 100,
	ID_WORDS = 256,
};

enum { INTERFACE_NATIVE = 1 << 0 | 1 << 2, INTERFACE_BUS_MASTER = 1 << 7 };

bool ata_probe_controller(struct ide_channel channels[2])
{
	const struct pci_function *f = pci_find_class(PCI_CLASS_IDE, NULL);
	const char *disk = cmdline_value("disk");
	u32 bm;

	channels[0].base = 0x1F0;
	channels[0].control = 0x3F6;
	channels[1].base = 0x170;
	channels[1].control = 0x376;
	if (!f)
		return !pci_present();
	if (f->interface & INTERFACE_NATIVE) {
		printk("disks: the IDE controller is in native mode, which is not supported\n");
		return false;
	}
	pci_enable(f, PCI_COMMAND_IO | PCI_COMMAND_MASTER);
	bm = pci_bar(f, 4, PCI_IO);
	if (bm && (f->interface & INTERFACE_BUS_MASTER) && !(disk && strcmp(disk, "pio") == 0)) {
		channels[0].bm = bm;
		channels[1].bm = bm + BM_CHANNEL_1;
	}
	return true;
}

/* Sleeps until the channel is no longer busy. => false: it stays so */
static bool probe_wait(const struct ide_channel *c)
{
	struct waitq never_woken = WAITQ_INIT(never_woken);
	u64 end = clock_ns() + PROBE_PATIENCE;

	while (!ide_poll(c, ATA_BSY, 0)) {
		if (clock_ns() > end)
			return false;
		wait_on_until_killed(&never_woken, clock_ns() + PROBE_PAUSE);
	}
	return true;
}

/* => false: no ATA disk answers */
static bool probe_identify(const struct ide_drive *d, u16 id[ID_WORDS])
{
	const struct ide_channel *c = d->channel;
	u16 signature;

	/* The data lines of an empty channel float and read as ones; an absent drive on a used channel reads as 0. */
	if (ide_status(c) == 0xFF || !ide_select(d) || ide_status(c) == 0)
		return false;
	ide_out(c, ATA_LBA_MID, 0);
	ide_out(c, ATA_LBA_HIGH, 0);
	ide_out(c, ATA_COMMAND, COMMAND_IDENTIFY);
	if (!probe_wait(c))
		return false;
	signature = (u16)(ide_in(c, ATA_LBA_HIGH) << 8 | ide_in(c, ATA_LBA_MID));
	if (signature == SIGNATURE_ATAPI || signature == SIGNATURE_SATAPI)
		printk_verbose("%s: a CD-ROM or the like, not used\n", d->name);
	if (signature != 0 || (ide_in(c, ATA_STATUS) & (ATA_ERR | ATA_DF)) ||
	    !ide_poll(c, ATA_DRQ, ATA_DRQ))
		return false;
	cpu_in16_string(c->base + ATA_DATA, id, ID_WORDS);
	return true;
}

/* The text is padded with blanks, and its bytes are swapped in each word. */
static void probe_model(char model[2 * ID_MODEL_WORDS + 1], const u16 *words)
{
	u32 end = 2 * ID_MODEL_WORDS;

	for (u32 i = 0; i < end; i++)
		model[i] = (char)(i % 2 ? words[i / 2] : words[i / 2] >> 8);
	while (end > 0 && model[end - 1] == ' ')
		end--;
	model[end] = 0;
}

static u64 probe_sectors(const u16 *id)
{
	const u16 *w = &id[ID_SECTORS_48];
	u64 sectors = id[ID_SECTORS] | (u32)id[ID_SECTORS + 1] << 16;

	if (id[ID_COMMANDS] & ID_HAS_LBA48)
		sectors = MAX(sectors, w[0] | (u32)w[1] << 16 | (u64)w[2] << 32 | (u64)w[3] << 48);
	return sectors;
}

void ata_probe_block(struct ide_drive *d)
{
	const struct ide_channel *c = d->channel;

	if (d->block == 1 || !ide_select(d))
		return;
	ide_out(c, ATA_COUNT, d->block);
	ide_out(c, ATA_COMMAND, COMMAND_SET_MULTIPLE);
	if (!ide_poll(c, ATA_BSY, 0) || (ide_in(c, ATA_STATUS) & (ATA_ERR | ATA_DF)))
		d->block = 1;
}

void ata_probe_drive(struct ide_drive *d)
{
	u16 id[ID_WORDS];
	u64 sectors;

	if (!probe_identify(d, id))
		return;
	probe_model(d->model, &id[ID_MODEL]);
	if (!(id[ID_CAPABILITIES] & ID_HAS_LBA)) {
		printk("%s: %s does not support logical block addresses (LBA), not used\n", d->name, d->model);
		return;
	}
	sectors = probe_sectors(id);
	d->lba48 = sectors > 1u << 28;
	d->npages = (u32)MIN(sectors / ATA_PER_PAGE, 0xFFFFFFFFu);
	d->dma = d->channel->bm && (id[ID_CAPABILITIES] & ID_HAS_DMA);
	d->flush = id[ID_COMMANDS] & ID_HAS_FLUSH;
	d->block = (id[ID_MAX_BLOCK] & 0xFF) >= ATA_PER_PAGE ? ATA_PER_PAGE : 1;
	ata_probe_block(d);
	printk_verbose("%s: %s, %u MiB, %s\n", d->name, d->model, d->npages >> 8,
		       d->dma ? "DMA" : "PIO");
}
