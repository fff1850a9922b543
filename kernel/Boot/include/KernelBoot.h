// What Swift needs from the processor and from the image: instructions that the language cannot express,
// and addresses that only the linker knows.
#ifndef KERNEL_BOOT_H
#define KERNEL_BOOT_H

#include "Barriers.h"
#include "CacheMaintenance.h"
#include "DebugRegisters.h"
#include "FirmwareCalls.h"
#include "FloatingPoint.h"
#include "ImageSymbols.h"
#include "Probe.h"
#include "SystemRegisters.h"
#include "TranslationInstructions.h"

#endif
