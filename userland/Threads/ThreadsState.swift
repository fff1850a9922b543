internal import LibVesper

/// What the threads of a domain have in common: a part of the page that it gave for them.
struct ThreadsState {
  /// Threads that want to call while no carrier is free. First, so that they are found.
  var callers = WaitQueue()
  var current: Pointer<ThreadRecord>
  let main: Pointer<ThreadRecord>
  let endpoint: EndpointCapability
  let notification: NotificationCapability
  let domain: DomainCapability
  let isPreemptive: Bool
  var ready = WaitQueue()
  /// The one that is due first is the first.
  var sleepers = Pointer<ThreadRecord>.none
  /// Carriers that are free, and those that others than their thread have to look at.
  var freeCarriers = Pointer<CarrierRecord>.none
  var busyCarriers = Pointer<CarrierRecord>.none
  var carrierCount: UInt64 = 0
  /// Count of the timer until which nobody looks whether the busy carriers still exist.
  var nextLook: UInt64 = 0
  /// What was signalled and nobody took.
  var events: UInt64 = 0
  /// Each wants some of the bits of its `word`.
  var eventWaiters = WaitQueue()
}
