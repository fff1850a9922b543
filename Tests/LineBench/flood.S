// A guest that sends bytes on the PL011 as fast as it can, once it has got one: what the line carries, whoever speaks.
.globl _start
_start:
  mov x0, #0x09000000
  mov w1, #'U'
1:
  ldr w2, [x0, #0x18]     // UARTFR
  tbnz w2, #4, 1b         // RXFE: nothing has come
2:
  ldr w2, [x0, #0x18]
  tbz w2, #7, 2b          // TXFE: wait for an empty FIFO, which has room for 16
.rept 16
  str w1, [x0]            // UARTDR
.endr
  b 2b
