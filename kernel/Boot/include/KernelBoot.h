void vesper_boot_marker(void);
