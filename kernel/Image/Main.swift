import KernelArch
import KernelCore

@c(vesper_main) public func vesperMain() {
}
