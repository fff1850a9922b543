// swift-tools-version: 6.2
import PackageDescription

// `swift test` builds every target for the host, where Embedded Swift's `_Volatile` does not exist, so
// whatever runs on the bare machine is only declared when the Makefile asks for it.
let bareMetal = Context.environment["VESPER_BARE_METAL"] == "1"

/// `make kernel DEBUG=off` makes an image without the debug channel.
let debugChannel = Context.environment["VESPER_DEBUG"] != "off"

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
]
let kernelStrict: [SwiftSetting] = strict + [.strictMemorySafety()]
/// The tests run the kernel's core and the inspection by the hundred thousand: optimized, all checks kept.
let hostSpeed: [SwiftSetting] = bareMetal ? [] : [.unsafeFlags(["-O"])]

/// Swift 6 makes key path literals Sendable, and such a `MemoryLayout.offset(of:)` is not folded to the constant that
/// Embedded Swift, which has no key paths, needs: so the layouts are compiled in Swift 5 mode.
let layoutSettings: [SwiftSetting] =
  kernelStrict + hostSpeed + [.swiftLanguageMode(.v5), .enableUpcomingFeature("StrictConcurrency")]

/// Modules that run both on the bare machine and on the host.
let portable: [Target] = [
  .target(name: "DeviceTree", path: "kernel/Platform/DeviceTree", swiftSettings: kernelStrict),
  .target(name: "KernelObjects", path: "kernel/Objects", swiftSettings: layoutSettings),
  .target(
    name: "KernelCore", dependencies: ["KernelObjects"], path: "kernel/Core",
    swiftSettings: kernelStrict + hostSpeed),
  .target(name: "GDBProtocol", path: "gdbstub/Protocol", swiftSettings: kernelStrict),
  .target(
    name: "GDBStub", dependencies: ["GDBProtocol"], path: "gdbstub/Stub", swiftSettings: kernelStrict),
  .target(
    name: "GDBStubAArch64", dependencies: ["GDBStub"], path: "gdbstub/AArch64", swiftSettings: kernelStrict),
  .target(name: "ServerProtocol", path: "userland/ServerProtocol", swiftSettings: kernelStrict),
  .target(
    name: "DriverProtocol", path: "userland/DriverProtocol", swiftSettings: kernelStrict + hostSpeed),
]

let bareMetalTargets: [Target] = [
  .target(name: "KernelRuntime", path: "kernel/Runtime"),
  .target(
    name: "KernelBoot", path: "kernel/Boot", cSettings: debugChannel ? [.define("DEBUG_CHANNEL")] : []),
  .target(
    name: "KernelArch", dependencies: ["KernelBoot", "KernelCore", "KernelObjects"],
    path: "kernel/Arch/AArch64", swiftSettings: kernelStrict),
  .target(
    name: "KernelPlatform", dependencies: ["DeviceTree", "KernelArch"], path: "kernel/Platform/QEMUVirt",
    swiftSettings: kernelStrict),
  .executableTarget(
    name: "VesperKernel",
    dependencies: [
      "DeviceTree", "KernelArch", "KernelBoot", "KernelCore", "KernelObjects", "KernelPlatform",
      "KernelRuntime",
    ] + (debugChannel ? ["GDBProtocol", "GDBStub", "GDBStubAArch64"] : []),
    path: "kernel/Image", exclude: ["kernel.ld", debugChannel ? "NoDebug" : "Debug"],
    swiftSettings: kernelStrict,
    linkerSettings: [.unsafeFlags(["-Xclang-linker", "-Wl,-T,kernel/Image/kernel.ld"])]),
]

/// User level: a library, and programs that are linked one by one with `userland/toolset.json`.
let userlandTargets: [Target] =
  [
    .target(name: "UserRuntime", path: "userland/Runtime"),
    .target(
      name: "LibVesper", dependencies: ["KernelObjects", "UserRuntime"], path: "userland/LibVesper",
      swiftSettings: kernelStrict),
  ]
  + ["RootSupport", "Devices", "Pager", "Schedulers"].map { name in
    .target(
      name: name, dependencies: ["KernelObjects", "LibVesper"], path: "userland/\(name)",
      swiftSettings: kernelStrict)
  }
  + [
    // Threads of one domain, and what of them Swift cannot say.
    .target(name: "ThreadSwitch", path: "userland/Threads/Switch"),
    .target(
      name: "Threads", dependencies: ["KernelObjects", "LibVesper", "ThreadSwitch"], path: "userland/Threads",
      exclude: ["Switch"], swiftSettings: kernelStrict),
    .target(
      name: "DriverSupport", dependencies: ["Devices", "DriverProtocol", "KernelObjects", "LibVesper"],
      path: "userland/DriverSupport", swiftSettings: kernelStrict),
  ]
  + [
    "Root", "Server", "ClientA", "ClientB", "Clock", "Waiter",
    // Another root domain, with drivers of what is plugged in, and their clients.
    "DriverSystem", "BlockDriver", "BlockClient", "ConsoleDriver", "Echo", "Button",
  ].map { name in
    .executableTarget(
      name: "Vesper\(name)",
      dependencies: [
        "Devices", "DriverProtocol", "DriverSupport", "KernelObjects", "KernelRuntime", "LibVesper",
        "RootSupport", "ServerProtocol",
      ],
      path: "userland/\(name)", swiftSettings: kernelStrict)
  }
  + [
    .target(
      name: "ExampleSupport", dependencies: ["LibVesper"], path: "userland/Examples/Support",
      swiftSettings: kernelStrict),
    // Another, with the examples of schedulers and their clients.
    .executableTarget(
      name: "VesperExampleSystem",
      dependencies: ["ExampleSupport", "KernelObjects", "KernelRuntime", "LibVesper", "RootSupport"],
      path: "userland/ExampleSystem", swiftSettings: kernelStrict),
  ]
  + ["RoundRobin", "Strides", "Priorities", "EarliestDeadlineFirst", "Worker", "Level"].map { name in
    .executableTarget(
      name: "Vesper\(name)",
      dependencies: ["ExampleSupport", "KernelObjects", "KernelRuntime", "LibVesper", "Schedulers"],
      path: "userland/Examples/\(name)", swiftSettings: kernelStrict)
  }
  + [
    // A root domain of its own, and the instructions that it has go wrong.
    .target(name: "SelfTestInstructions", path: "userland/SelfTest/Instructions"),
    .executableTarget(
      name: "VesperSelfTest",
      dependencies: [
        "Devices", "KernelObjects", "KernelRuntime", "LibVesper", "Pager", "RootSupport",
        "Schedulers", "SelfTestInstructions", "Threads", "UserRuntime",
      ],
      path: "userland/SelfTest", exclude: ["Instructions", "run.sh"], swiftSettings: kernelStrict),
    // Another: measures the kernel from inside.
    .target(name: "BenchInstructions", path: "userland/Bench/Instructions"),
    .executableTarget(
      name: "VesperBench",
      dependencies: [
        "BenchInstructions", "Devices", "KernelObjects", "KernelRuntime", "LibVesper", "RootSupport",
      ],
      path: "userland/Bench",
      exclude: ["Entries", "Instructions", "rows.txt", "run.sh", "table.sh", "trace.sh"],
      swiftSettings: kernelStrict),
    // Another: makes many capabilities, for a debugger to read.
    .executableTarget(
      name: "VesperCrowd", dependencies: ["KernelObjects", "KernelRuntime", "LibVesper", "RootSupport"],
      path: "userland/Crowd", swiftSettings: kernelStrict),
    // Another: changes its capabilities all the time.
    .executableTarget(
      name: "VesperChurn", dependencies: ["KernelObjects", "KernelRuntime", "LibVesper", "RootSupport"],
      path: "userland/Churn", swiftSettings: kernelStrict),
  ]

let hostTargets: [Target] = [
  // libedit's variadic functions in forms that Swift can call.
  .target(name: "CLibEdit", linkerSettings: [.linkedLibrary("edit")]),
  // What Swift's Glibc module leaves out.
  .target(name: "CLibC"),
  // Compressed cores.
  .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
  .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
  .target(
    name: "TargetLink",
    dependencies: [
      "CLibC", "CZlib", "CZstd", "GDBProtocol", "KernelObjects",
      .product(name: "SystemPackage", package: "swift-system"),
    ],
    swiftSettings: strict),
  .target(
    name: "Inspection", dependencies: ["KernelObjects", "TargetLink"], swiftSettings: strict + hostSpeed),
  .target(
    name: "Commands", dependencies: ["Inspection", "KernelObjects", "TargetLink"],
    swiftSettings: strict + hostSpeed),
  .target(name: "ShellTerminal", dependencies: ["CLibEdit"], swiftSettings: strict),
  .executableTarget(
    name: "vesper",
    dependencies: [
      "Commands", "Inspection", "ShellTerminal", "TargetLink",
      .product(name: "ArgumentParser", package: "swift-argument-parser"),
    ],
    swiftSettings: strict,
    // The default linker warns of mktemp(3), which a static Foundation brings along.
    linkerSettings: [.unsafeFlags(["-use-ld=lld"])]),
]

let testTargets: [Target] = [
  // What several test targets need.
  .target(
    name: "TestSupport", dependencies: ["DriverProtocol"], path: "Tests/TestSupport",
    swiftSettings: strict + hostSpeed),
  // A kernel of KernelCore over a block of this process's memory, for the tests that need one.
  .target(
    name: "HostedKernel", dependencies: ["KernelCore", "KernelObjects", "TestSupport"],
    path: "Tests/HostedKernel",
    swiftSettings: strict + hostSpeed),
  // What a kernel means, in sets and trees, and the means to compare a hosted kernel with it.
  .target(
    name: "KernelModel", dependencies: ["HostedKernel", "KernelCore", "KernelObjects", "TestSupport"],
    path: "Tests/KernelModel", swiftSettings: strict + hostSpeed),
  .testTarget(name: "DeviceTreeTests", dependencies: ["DeviceTree"], swiftSettings: strict),
  // Kernel objects written by hand into a picture of memory, also such as no kernel would leave.
  .target(
    name: "KernelImage", dependencies: ["KernelObjects", "TargetLink"], path: "Tests/KernelImage",
    swiftSettings: strict),
  .testTarget(
    name: "ServerProtocolTests", dependencies: ["DriverProtocol", "ServerProtocol"], swiftSettings: strict),
  // The memory of a working kernel made wrong at random, and counted reads of it.
  .target(
    name: "HostileMemory", dependencies: ["HostedKernel", "KernelObjects", "TargetLink", "TestSupport"],
    path: "Tests/HostileMemory", swiftSettings: strict + hostSpeed),
  .testTarget(name: "KernelObjectsTests", dependencies: ["KernelObjects"], swiftSettings: strict),
  .testTarget(
    name: "KernelCoreTests", dependencies: ["HostedKernel", "KernelCore", "KernelModel"],
    swiftSettings: strict),
  .testTarget(
    name: "GDBProtocolTests", dependencies: ["GDBProtocol", "TestSupport"], swiftSettings: strict),
  // What a hostile line may send to a stub.
  .target(
    name: "HostileStreams", dependencies: ["TestSupport"], path: "Tests/HostileStreams",
    exclude: ["requests.txt"], swiftSettings: strict),
  .testTarget(
    name: "GDBStubTests",
    dependencies: ["GDBProtocol", "GDBStub", "GDBStubAArch64", "HostileStreams", "TestSupport"],
    swiftSettings: strict),
  // The kernel's stub, over a socket, is the best server to test its client against.
  .testTarget(
    name: "TargetLinkTests",
    dependencies: [
      "GDBProtocol", "GDBStub", "GDBStubAArch64", "HostileMemory", "Inspection", "KernelObjects",
      "TargetLink",
      "TestSupport",
    ],
    swiftSettings: strict),
  .testTarget(name: "ShellTerminalTests", dependencies: ["ShellTerminal"], swiftSettings: strict),
  .testTarget(
    name: "InspectionTests",
    dependencies: ["HostedKernel", "HostileMemory", "Inspection", "KernelImage", "TestSupport"],
    swiftSettings: strict),
  .testTarget(
    name: "CommandsTests",
    dependencies: [
      "Commands", "HostedKernel", "HostileMemory", "KernelImage", "KernelObjects", "TestSupport",
    ],
    exclude: ["Cores", "Sessions"], swiftSettings: strict),
  .testTarget(
    name: "VesperTests", dependencies: ["Commands", "Inspection", "TargetLink", "vesper"],
    swiftSettings: strict),
  // `make bench`: how fast memory is read over the serial line.
  .executableTarget(
    name: "line-bench", dependencies: ["TargetLink"], path: "Tests/LineBench", exclude: ["flood.S"],
    swiftSettings: strict),
  // `make bench`: how fast a large system is read, beside what each way in carries and beside other debuggers.
  .executableTarget(
    name: "inspection-bench", dependencies: ["CLibC", "Inspection", "TargetLink"],
    path: "Tests/InspectionBench",
    exclude: ["drgn_walk.py", "gdb_walk.py", "install-drgn.sh", "walk.py"], swiftSettings: strict),
  // Boot the real image in QEMU and drive it with the built `vesper`, gdb and a terminal.
  .testTarget(
    name: "SystemTests",
    dependencies: ["GDBProtocol", "HostileStreams", "Inspection", "TargetLink", "TestSupport"],
    exclude: ["Recorded"],
    swiftSettings: strict),
]

let package = Package(
  name: "vesper",
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
  ],
  // The host's targets are declared for the bare machine too: their dependencies would otherwise count as unused.
  targets: portable + hostTargets + (bareMetal ? bareMetalTargets + userlandTargets : testTargets))
