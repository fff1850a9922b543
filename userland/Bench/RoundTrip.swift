internal import BenchInstructions
internal import KernelObjects
internal import LibVesper

// A client and a server as a program has them: with the library, user side and all.

/// Calls `count` times; the sum is the whole loop's.
@c(bench_client)
func client(side address: UInt64, _: UInt64, _: UInt64) {
  // Safety: whoever starts the domain passes the address of its side, which lives in this program.
  guard let side = unsafe UnsafeMutablePointer<bench_side>(bitPattern: UInt(address)) else { return }
  let endpoint = unsafe EndpointCapability(CapabilityPointer(rawValue: side.pointee.first.x0))
  let done = unsafe EndpointCapability(CapabilityPointer(rawValue: side.pointee.done.x0))
  let count = unsafe side.pointee.count
  do {
    let start = bench_counter()
    for _ in 0..<count { _ = try endpoint.call(Message(label: 0)) }
    unsafe side.pointee.total = bench_counter() - start
  } catch {
    unsafe side.pointee.status = error.rawStatus
  }
  _ = try? done.call(Message(label: 0))
}

@c(bench_server)
func server(side address: UInt64, _: UInt64, _: UInt64) {
  // Safety: as for the client.
  guard let side = unsafe UnsafeMutablePointer<bench_side>(bitPattern: UInt(address)) else { return }
  let endpoint = unsafe EndpointCapability(CapabilityPointer(rawValue: side.pointee.first.x0))
  do {
    while true { _ = try endpoint.replyReceive(Message(label: 0)) }
  } catch {
    unsafe side.pointee.status = error.rawStatus
  }
}
